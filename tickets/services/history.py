"""Writing the append-only history."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from tickets.models import HistoryEntry, Ticket


def record(
    *,
    ticket: Ticket,
    at: datetime,
    actor: User | None,
    event: str,
    field: str = "",
    old: Any = None,
    new: Any = None,
    data: dict[str, Any] | None = None,
    is_public: bool = True,
) -> HistoryEntry:
    """Append one row: codes, ids and data, never a sentence of ours."""
    made = entry(
        ticket=ticket,
        at=at,
        actor=actor,
        event=event,
        field=field,
        old=old,
        new=new,
        data=data,
        is_public=is_public,
    )
    made.save(force_insert=True)
    return made


def entry(
    *,
    ticket: Ticket,
    at: datetime,
    actor: User | None,
    event: str,
    field: str = "",
    old: Any = None,
    new: Any = None,
    data: dict[str, Any] | None = None,
    is_public: bool = True,
) -> HistoryEntry:
    """The same row, not yet stored: for `append`."""
    return HistoryEntry(
        ticket=ticket,
        at=at,
        actor=actor,
        event=event,
        field=field,
        old=old,
        new=new,
        data=data or {},
        is_public=is_public,
    )


def append(entries: Iterable[HistoryEntry]) -> None:
    """Append many rows in one statement."""
    HistoryEntry.objects.bulk_create(entries)
