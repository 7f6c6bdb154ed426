"""Writing the append-only history."""

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
    return HistoryEntry.objects.create(
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
