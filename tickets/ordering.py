"""In what order the list can be shown, and where a page of it begins: keyset cursors, written as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tickets.cursors import EPOCH, TICK, microseconds, unreadable
from tickets.models import Ticket
from tickets.vocabulary import Tier

CURSOR = re.compile(r"^([a-z]{1,12}|\d{1,17})-(\d{1,18})$", re.ASCII)


@dataclass(frozen=True)
class Order:
    """By a column that is never empty, and by id where it is the same: one walk along the index of both."""

    field: str
    descending: bool

    @property
    def by(self) -> tuple[str, str]:
        """What the database orders by."""
        sign = "-" if self.descending else ""
        return f"{sign}{self.field}", f"{sign}id"

    def cursor(self, ticket: Ticket) -> str:
        """The cursor of what comes after `ticket`."""
        value = getattr(ticket, self.field)
        return f"{microseconds(value) if isinstance(value, datetime) else value}-{ticket.pk}"

    def after(self, text: str) -> Q:
        """What comes after the cursor written as `text`; all for an empty one. Raises InvalidInput for a stray one."""
        if not text:
            return Q()
        found = CURSOR.match(text)
        if found is None:
            raise unreadable()
        value, pk = self._value(found.group(1)), int(found.group(2))
        beyond = "lt" if self.descending else "gt"
        later = Q(**{f"{self.field}__{beyond}": value}) | Q(**{f"pk__{beyond}": pk})
        return Q(**{f"{self.field}__{beyond}e": value}) & later

    def _value(self, text: str) -> object:
        if self.field == "id" and text.isdigit():
            return int(text)
        if self.field == "tier" and text in Tier.values:
            return text
        if self.field.endswith("_at") and text.isdigit():
            return EPOCH + int(text) * TICK
        raise unreadable()


# By the name an address gives. The codes of the tiers backwards are the tiers from the most urgent on.
ORDERS: Mapping[str, Order] = {
    "": Order("id", descending=True),
    "number": Order("id", descending=False),
    "tier": Order("tier", descending=True),
    "-tier": Order("tier", descending=False),
    "created": Order("created_at", descending=False),
    "-created": Order("created_at", descending=True),
    "updated": Order("updated_at", descending=False),
    "-updated": Order("updated_at", descending=True),
}
# Not a column that is never empty: what falls due first, then what does not (tickets.cursors.DueCursor).
BY_DUE = "due"
SORTS = frozenset({*ORDERS, BY_DUE})
