"""What happens to clocks and calendars. Published inside the changing transaction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Hit:
    """A clock has used up `share` per cent of its time: who is to be told.

    100 is the breach, at `due_at`; 200, 300 … are told of a promise that stays broken.
    """

    ticket_id: int
    clock_id: int
    metric: str
    share: int
    due_at: datetime
    holder: bool
    team: bool
    leads: bool


@dataclass(frozen=True)
class MilestonesReached:
    """Milestones found at `at`: one of each clock, the weightiest, of as many clocks as were found together."""

    hits: tuple[Hit, ...]
    at: datetime


@dataclass(frozen=True)
class CalendarPublished:
    """A calendar's hours are others than before: `version_id` is how they are from `at` on."""

    calendar_id: int
    version_id: int
    at: datetime
