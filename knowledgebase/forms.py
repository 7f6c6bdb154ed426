"""What is asked of the handbook, read from an address; the form of a term of the glossary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Module, Product
from common.text import clean_line
from knowledgebase.models import QUERY_LENGTH, Term
from knowledgebase.services.terms import TermText, cleaned, faults


@dataclass(frozen=True)
class Asked:
    """Words, and the product and module they are about, as far as such are in use."""

    q: str
    product: Product | None
    module: Module | None

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Asked:
        """Read `q` (or `subject`, as the filing form names it), `product` and `module`, the latter by code.

        Codes that name nothing are passed over. Two queries at most.
        """
        product, module = params.get("product", ""), params.get("module", "")
        return cls(
            q=clean_line(params.get("q") or params.get("subject") or "")[:QUERY_LENGTH],
            product=Product.objects.filter(code=product).first() if product else None,
            module=Module.objects.filter(code=module).first() if module else None,
        )


class VariantsField(forms.CharField):
    """A list of words, written with commas between; Chinese ones will do."""

    def prepare_value(self, value: Any) -> Any:
        """As it is edited."""
        return "，".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """As it is stored."""
        return re.split(r"[,，、;；\n]", super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as it is edited."""
        return super().has_changed(self.prepare_value(initial), data)


class TermForm(forms.ModelForm):
    """A term, every way it is written, and its plain wording; for the admin site too."""

    variants = VariantsField(
        label=_("Also written"),
        required=False,
        help_text=_("With commas between: other words for it, plurals, error codes."),
    )

    class Meta:
        model = Term
        fields = ("term_zh", "term_en", "variants", "plain_zh", "plain_en", "is_active")
        help_texts = {"plain_zh": _("Something that can stand in a sentence in place of the term.")}

    def clean(self) -> dict[str, Any]:
        """Clean every word, and say what the glossary does not take."""
        said = super().clean() or {}
        text = cleaned(
            TermText(
                term_zh=said.get("term_zh") or "",
                term_en=said.get("term_en") or "",
                variants=tuple(said.get("variants") or ()),
                plain_zh=said.get("plain_zh") or "",
                plain_en=said.get("plain_en") or "",
                is_active=bool(said.get("is_active")),
            )
        )
        for name, texts in faults(text, term_id=self.instance.pk).items():
            if name not in self.errors:
                self.add_error(name, texts)
        self.text = text
        names = ("term_zh", "term_en", "plain_zh", "plain_en", "is_active")
        return {**said, **{name: getattr(text, name) for name in names}, "variants": list(text.variants)}
