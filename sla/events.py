"""What happens to clocks and calendars. Published inside the changing transaction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ClockWarned:
    """Half or four fifths of a promise's time are gone (`milestone` is `50` or `80`)."""

    ticket_id: int
    clock_id: int
    metric: str
    milestone: str
    due_at: datetime
    at: datetime


@dataclass(frozen=True)
class ClockBreached:
    """A promise was broken at `due_at`; found at `at`."""

    ticket_id: int
    clock_id: int
    metric: str
    due_at: datetime
    at: datetime


@dataclass(frozen=True)
class CalendarPublished:
    """A calendar's hours are others than before: `version_id` is how they are from `at` on."""

    calendar_id: int
    version_id: int
    at: datetime
