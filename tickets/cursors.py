"""Where a page of tickets begins: keyset cursors, written as text in addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from tickets.models import Ticket

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DUE = re.compile(r"^(\d{1,17})?-(\d{1,18})$", re.ASCII)
NEWEST = re.compile(r"^\d{1,18}$", re.ASCII)


@dataclass(frozen=True)
class DueCursor:
    """After the ticket `pk` that falls due at `due_at`; None: nothing falls due, which comes last."""

    due_at: datetime | None
    pk: int

    @classmethod
    def of(cls, ticket: Ticket) -> DueCursor:
        """The cursor of what comes after `ticket`."""
        return cls(ticket.next_due_at, ticket.pk)

    @classmethod
    def parse(cls, text: str) -> DueCursor | None:
        """The cursor written as `text`; None for an empty one. Raises InvalidInput for anything else."""
        if not text:
            return None
        found = DUE.match(text)
        if found is None:
            raise unreadable()
        due = found.group(1)
        return cls(EPOCH + int(due) * TICK if due else None, int(found.group(2)))

    def __str__(self) -> str:
        return f"{'' if self.due_at is None else microseconds(self.due_at)}-{self.pk}"

    @property
    def due(self) -> Q:
        """What comes after it among tickets that fall due; a range an index on (next_due_at, id) can seek."""
        if self.due_at is None:
            return Q(pk__in=[])
        later = Q(next_due_at__gt=self.due_at) | Q(pk__gt=self.pk)
        return Q(next_due_at__gte=self.due_at) & later

    @property
    def undue(self) -> Q:
        """What comes after it among tickets of which nothing falls due."""
        return Q() if self.due_at is not None else Q(pk__gt=self.pk)


def microseconds(instant: datetime) -> int:
    """An instant as whole microseconds since 1970: sorts as the database does."""
    return (instant - EPOCH) // TICK


def parse_cursor(text: str) -> int | None:
    """The id below which a page, newest first, begins; None for the first. Raises InvalidInput for a stray text."""
    if not text:
        return None
    if not NEWEST.match(text):
        raise unreadable()
    return int(text)


def unreadable() -> InvalidInput:
    """The refusal of a text that is no cursor."""
    return InvalidInput({"cursor": [_("This is no cursor of ours. Begin with the first page again.")]})
