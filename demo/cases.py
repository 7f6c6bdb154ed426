"""What customers of the demo desk write and how it is answered, read from `content/demo/cases.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from catalog.models import Category, Module, Product
from tickets.services.opening import Draft
from tickets.triage import Impact


@dataclass(frozen=True)
class Case:
    """One story: what is asked, how it goes back and forth (the desk first), and how it ends.

    `waits`: the desk waits for the customer after its first answer. `vendor`: a note on whom it waits for.
    """

    subject: str
    description: str
    product: str
    module: str
    category: str
    impact: Impact
    turns: tuple[str, ...]
    resolution: str
    note: str = ""
    vendor: str = ""
    waits: bool = False

    def draft(self) -> Draft:
        """What is filed."""
        return Draft(
            subject=self.subject,
            description=self.description,
            product=Product.objects.get(code=self.product),
            module=Module.objects.get(code=self.module),
            category=Category.objects.get(code=self.category),
            impact=self.impact,
        )


def load_cases() -> list[Case]:
    """All stories, in the order of the file."""
    text = Path(settings.BASE_DIR, "content", "demo", "cases.yaml").read_text("utf-8")
    return [_case(entry) for entry in yaml.safe_load(text)]


def _case(entry: dict[str, Any]) -> Case:
    given = entry.pop("impact", {})
    names = {"p": "production_down", "u": "users_affected", "d": "deadline", "w": "workaround"}
    impact = Impact(**{names[short]: value for short, value in given.items()})
    return Case(**{**entry, "impact": impact, "turns": tuple(entry["turns"])})
