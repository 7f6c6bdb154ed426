"""What any source is turned into before it is written. Names and codes, no ids: the writer finds those."""

from dataclasses import dataclass
from dataclasses import field as declare
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One row of history. Of `team` and `assignee`, `old` and `new` are names."""

    at: datetime
    event: str
    field: str
    old: str | None
    new: str | None
    data: dict[str, Any] = declare(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """A ticket with its whole past, as its source tells it.

    `met` is the source's own verdict on the resolution promise; None leaves it to our targets.
    `first_contact` is None where the source cannot tell.
    """

    ref: str
    subject: str
    description: str
    requester: str
    channel: str
    tier: str
    status: str
    opened_at: datetime
    updated_at: datetime
    engineer: str | None = None
    team: str | None = None
    first_team: str | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    first_responded_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    closed_at: datetime | None = None
    resolution: str = ""
    first_contact: bool | None = None
    handovers: int = 0
    met: bool | None = None
    paused_for: timedelta = timedelta(0)
    paused_at: datetime | None = None
    first_tier: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def ended_at(self) -> datetime | None:
        """When work on it ended: resolved, or closed without that."""
        return self.resolved_at or self.closed_at
