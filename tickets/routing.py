"""Which team takes a ticket. Pure: rules in their order and a ticket's facts in, a rule out. Rows by id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What of a ticket decides about its team; None where it says nothing."""

    product: int | None = None
    module: int | None = None
    category: int | None = None
    organisation: int | None = None


@dataclass(frozen=True)
class Rule:
    """Tickets that are like `wants` go to the team `team`; what `wants` leaves open fits everything."""

    id: int
    team: int
    wants: Facts = Facts()

    def fits(self, facts: Facts) -> bool:
        """Whether the rule is for a ticket of these facts."""
        return all(getattr(facts, name) == value for name, value in self._conditions().items())

    def covers(self, other: "Rule") -> bool:
        """Whether every ticket that fits `other` fits this one as well."""
        return self._conditions().items() <= other._conditions().items()

    def _conditions(self) -> Mapping[str, int]:
        return {name: value for name, value in vars(self.wants).items() if value is not None}


def first_fitting(rules: Iterable[Rule], facts: Facts) -> Rule | None:
    """The first of `rules` that fits; None where none does."""
    return next((rule for rule in rules if rule.fits(facts)), None)


def shadowed(rules: Sequence[Rule]) -> dict[int, int]:
    """The rules that no ticket ever reaches, each with the earlier rule that takes all of its tickets (ids).

    A rule whose tickets several earlier ones take between them is not found: which values there are changes.
    """
    found = {}
    for place, rule in enumerate(rules):
        earlier = next((other for other in rules[:place] if other.covers(rule)), None)
        if earlier is not None:
            found[rule.id] = earlier.id
    return found
