"""Into which lanes a board is parted, and in which of them a ticket stands. Pure but for conditions of the ORM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from tickets.vocabulary import Lanes

if TYPE_CHECKING:
    from tickets.models import Ticket

# What parts a ticket from another, by the kind of lanes.
COLUMNS: Mapping[str, str] = {
    Lanes.TIER: "tier",
    Lanes.ASSIGNEE: "assignee_id",
    Lanes.PRODUCT: "product_id",
}
# The lane of what has no such thing, and the one of all that no other lane takes.
NONE, OTHERS = "none", "others"
MOST = 40


@dataclass(frozen=True)
class Laning:
    """The lanes of one board by their keys: a tier's code, the id of a person or a product, NONE or OTHERS.

    Without lanes there is one, whose key is empty.
    """

    by: str = ""
    keys: tuple[str, ...] = ("",)

    @property
    def column(self) -> str:
        """The ticket's column that decides; empty without lanes."""
        return COLUMNS.get(self.by, "")

    def key_of(self, ticket: Ticket) -> str:
        """The lane `ticket` stands in."""
        return self.key(text_of(getattr(ticket, self.column))) if self.by else ""

    def key(self, value: str) -> str:
        """The lane of what `value` stands for: its own if it has one."""
        return value if not self.by or value in self.keys else OTHERS

    def condition(self, key: str) -> Q:
        """What stands in the lane `key`, which must be one of these or could be."""
        if not self.by or not key:
            return Q()
        if key == NONE:
            return Q(**{self.column: None})
        if key != OTHERS:
            return Q(**{self.column: key})
        named = [one for one in self.keys if one not in {NONE, OTHERS}]
        return ~Q(**{f"{self.column}__in": named}) & Q(**{f"{self.column}__isnull": False})


def text_of(value: object) -> str:
    """A value of a lanes' column as the key of its lane."""
    return NONE if value is None else str(value)


def fullest(counts: Mapping[str, int], most: int = MOST) -> list[str]:
    """The keys of the `most` lanes that hold the most; of equal ones the older, which has the smaller id."""
    held = [key for key, count in counts.items() if count and key not in {NONE, OTHERS}]
    return sorted(held, key=lambda key: (-counts[key], len(key), key))[:most]
