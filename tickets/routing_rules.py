"""Which team takes a ticket now: the rules as they stand, then the module's team, then the default team."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.models import Organisation, Team
from catalog.models import Category, Module, Product
from tickets.models import RoutingRule
from tickets.routing import Facts, Rule, first_fitting, shadowed

# In the order of `Facts`.
CONDITIONS = ("product", "module", "category", "organisation")


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
    """Who takes a ticket of this kind. One query."""
    rows = list(_teams_with_rules())
    teams: dict[int | None, Team] = {row.pk: row for row in rows}
    facts = Facts(*(thing.pk if thing else None for thing in (product, module, category, organisation)))
    found = first_fitting((_rule(row) for row in rows if row.rule_id is not None), facts)
    if found is not None:
        return Routed(teams[found.team], found.id)
    if module is not None and module.team_id in teams:
        return Routed(teams[module.team_id])
    return Routed(next((row for row in rows if row.is_default), None))


def _teams_with_rules() -> QuerySet[Any]:
    """The teams in use, each once for every rule in use that leads to it or once without; rules in their order."""
    in_use = FilteredRelation("routing_rules", condition=Q(routing_rules__is_active=True))
    conditions = {f"rule_{name}": F(f"in_use__{name}") for name in ("id", "position", *CONDITIONS)}
    teams: QuerySet[Any] = Team.objects.filter(is_active=True).annotate(in_use=in_use).annotate(**conditions)
    return teams.order_by("rule_position", "rule_id", "pk")


def _rule(row: Any) -> Rule:
    return Rule(row.rule_id, row.pk, Facts(*(getattr(row, f"rule_{name}") for name in CONDITIONS)))


def rules_in_use() -> Any:
    """The rules that count, in their order, with their teams; one whose team is out of use is passed over."""
    return RoutingRule.objects.filter(is_active=True, team__is_active=True).select_related("team")


def unreachable() -> dict[int, int]:
    """The rules in use that no ticket ever reaches, each with the one that takes all of its tickets. One query."""
    return shadowed([row.rule for row in rules_in_use()])
