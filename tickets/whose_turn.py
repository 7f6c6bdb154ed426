"""Who of a team is given a ticket. Pure: people as they stand, and what the ticket asks for, in; a person out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.models import Assignment
from catalog.skills import Abilities, Asked, Known, can_do
from tickets.vocabulary import Tier

# What an open ticket weighs: a promise of an hour keeps somebody busier than one of two days.
WEIGHTS: Mapping[str, int] = {Tier.URGENT: 3, Tier.GENERAL: 2, Tier.CONSULTATION: 1}


@dataclass(frozen=True)
class Candidate:
    """Somebody of the team: whether they are there, what they hold of each tier, and when they were last given one.

    `turn` counts up within a team: the lower, the longer they have waited; 0 is never.
    """

    id: int
    is_available: bool
    turn: int = 0
    open: Mapping[str, int] = field(default_factory=dict)
    abilities: Abilities = field(default_factory=Abilities)

    @property
    def count(self) -> int:
        """How many open tickets they hold, of whatever team."""
        return sum(self.open.values())

    @property
    def load(self) -> int:
        """Their open tickets, each by the weight of its tier."""
        return sum(WEIGHTS[tier] * count for tier, count in self.open.items())


@dataclass(frozen=True)
class Rota:
    """How a team gives its tickets out: the way, the most open tickets a person (None: any number), and its people.

    `declared` is what anybody of the team knows, those not taking part included.
    """

    way: str
    cap: int | None
    candidates: Sequence[Candidate]
    declared: frozenset[Known] = frozenset()

    def choose(self, asked: Asked, *, on: date) -> Candidate | None:
        """Who is given the ticket; None when it stays the team's.

        Of those who are there, can do it and hold fewer than the cap: in turn, whoever has waited longest; by load,
        whoever has the smallest (an open ticket counts 3 if urgent, 2 if general, 1 if a consultation), of these
        whoever has waited longest.
        """
        fitting = [
            person
            for person in self.candidates
            if person.is_available
            and (self.cap is None or person.count < self.cap)
            and can_do(person.abilities, asked, declared=self.declared, on=on)
        ]
        by_load = self.way == Assignment.LEAST_LOADED
        return min(fitting, key=lambda who: (who.load if by_load else 0, who.turn, who.id), default=None)
