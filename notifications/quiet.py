"""When somebody wants to be left in peace, and until when. Pure: instants come in, the wall clock decides."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

TICK = timedelta(microseconds=1)
# Further ahead no end of quiet hours can lie: each is shorter than a day.
DAYS_AHEAD = 3


@dataclass(frozen=True)
class QuietHours:
    """From `start` to `end` on the wall clock of `zone`, the end not included; over midnight if `end` is earlier.

    `days` are the weekdays on which they begin (Monday is 1, Sunday 7). `start` and `end` differ.
    """

    start: time
    end: time
    days: frozenset[int]
    zone: str


def is_quiet(hours: QuietHours, at: datetime) -> bool:
    """Whether the wall clock at `at` lies in the quiet hours."""
    local = at.astimezone(ZoneInfo(hours.zone))
    clock, day = local.time(), local.isoweekday()
    if hours.start < hours.end:
        return hours.start <= clock < hours.end and day in hours.days
    the_day_before = (day + 5) % 7 + 1
    return (clock >= hours.start and day in hours.days) or (
        clock < hours.end and the_day_before in hours.days
    )


def ends_at(hours: QuietHours, at: datetime) -> datetime | None:
    """The first instant after `at` that is not quiet, in UTC; None when `at` itself is not."""
    if not is_quiet(hours, at):
        return None
    # What is added to a moment of another zone is added to its wall clock.
    at = at.astimezone(UTC)
    loud = next(instant for instant in _ends(hours, at) if instant > at and not is_quiet(hours, instant))
    # Where clocks go forward over the end, the quiet hours are over when they jump.
    return loud if is_quiet(hours, loud - TICK) else _first_loud(hours, at, loud)


def _ends(hours: QuietHours, at: datetime) -> list[datetime]:
    """The instants at which the wall clock shows `end` in the days to come; twice where clocks go back over it."""
    zone = ZoneInfo(hours.zone)
    today = at.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD + 1)]
    shown = [datetime.combine(day, hours.end.replace(fold=fold), zone) for day in days for fold in (0, 1)]
    return sorted(instant.astimezone(UTC) for instant in shown)


def _first_loud(hours: QuietHours, quiet: datetime, loud: datetime) -> datetime:
    """The first instant that is not quiet between a quiet one and one that is not, by halving."""
    while loud - quiet > TICK:
        middle = quiet + (loud - quiet) / 2
        if is_quiet(hours, middle):
            quiet = middle
        else:
            loud = middle
    return loud
