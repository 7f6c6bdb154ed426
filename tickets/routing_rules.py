"""Which team takes a ticket now: the rules as they stand, then the module's team, then the default team."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Organisation, Team
from catalog.models import Category, Module, Product
from tickets.models import RoutingRule
from tickets.routing import Facts, first_fitting, shadowed


@dataclass(frozen=True)
class Routed:
    """The team that takes a ticket, None where there is none, and the id of the rule that chose it, if one did."""

    team: Team | None
    rule: int | None = None

    @property
    def told(self) -> dict[str, Any]:
        """What the history remembers of it."""
        return {"rule": self.rule} if self.rule else {}


def team_for(
    *,
    product: Product | None,
    module: Module | None,
    category: Category | None,
    organisation: Organisation | None,
) -> Routed:
    """Who takes a ticket of this kind. One query where a rule fits, two or three where none does."""
    rows = list(rules_in_use())
    facts = Facts(*(thing.pk if thing else None for thing in (product, module, category, organisation)))
    found = first_fitting((row.rule for row in rows), facts)
    if found is not None:
        return Routed(next(row.team for row in rows if row.pk == found.id), found.id)
    if module is not None and module.team is not None and module.team.is_active:
        return Routed(module.team)
    return Routed(Team.objects.filter(is_default=True, is_active=True).first())


def rules_in_use() -> Any:
    """The rules that count, in their order, with their teams; one whose team is out of use is passed over."""
    return RoutingRule.objects.filter(is_active=True, team__is_active=True).select_related("team")


def unreachable() -> dict[int, int]:
    """The rules in use that no ticket ever reaches, each with the one that takes all of its tickets. One query."""
    return shadowed([row.rule for row in rules_in_use()])
