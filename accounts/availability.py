"""Who is there. Pure: hours, days, leaves, duties and an instant in, a state out.

Hours are minutes of local days in a person's own zone, half-open. The days of China's law come in as a mapping of
dates: True for a make-up workday, False for a day off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# (start, end) in minutes of the local day, and as instants; both half-open.
Minutes = tuple[int, int]
Span = tuple[datetime, datetime]
Week = tuple[tuple[Minutes, ...], ...]

DAY = 24 * 60
_OFFICE: tuple[Minutes, ...] = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
# Who has said nothing else: Monday to Friday, with a lunch.
USUAL_WEEK: Week = (*(_OFFICE,) * 5, (), ())
# As far ahead as somebody's next hour is looked for.
AHEAD = 31


class State(StrEnum):
    """What somebody is doing just now, as far as tickets are concerned."""

    AT_WORK = "at_work"
    ON_DUTY = "on_duty"
    ON_LEAVE = "on_leave"
    OFF = "off"

    @property
    def is_available(self) -> bool:
        """Whether a ticket can be given to them now."""
        return self in {State.AT_WORK, State.ON_DUTY}


@dataclass(frozen=True)
class Rhythm:
    """Somebody's hours: the spans of each weekday, Monday first, in their zone."""

    zone: ZoneInfo
    week: Week = USUAL_WEEK
    keeps_statutory_days: bool = True

    def hours(self, day: date, statutory: Mapping[date, bool]) -> tuple[Minutes, ...]:
        """The spans of a date. A make-up workday is worked like the first weekday that has hours."""
        worked = statutory.get(day) if self.keeps_statutory_days else None
        if worked is None:
            return self.week[day.weekday()]
        return next((spans for spans in self.week if spans), ()) if worked else ()

    def includes(self, at: datetime, statutory: Mapping[date, bool]) -> bool:
        """Whether `at` lies within the hours; to the microsecond, the end of a span not included."""
        local = at.astimezone(self.zone)
        into = timedelta(
            hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        minute = into / timedelta(minutes=1)
        return any(start <= minute < end for start, end in self.hours(local.date(), statutory))


def state_at(
    at: datetime,
    rhythm: Rhythm,
    *,
    statutory: Mapping[date, bool],
    leaves: Iterable[Span] = (),
    duties: Iterable[Span] = (),
) -> State:
    """A leave goes before everything, a duty before the hours: who is on duty counts as there at any hour."""
    if current(leaves, at) is not None:
        return State.ON_LEAVE
    if current(duties, at) is not None:
        return State.ON_DUTY
    return State.AT_WORK if rhythm.includes(at, statutory) else State.OFF


def is_available(
    at: datetime,
    rhythm: Rhythm,
    *,
    statutory: Mapping[date, bool],
    leaves: Iterable[Span] = (),
    duties: Iterable[Span] = (),
) -> bool:
    """Whether a ticket can be given to them at `at`."""
    return state_at(at, rhythm, statutory=statutory, leaves=leaves, duties=duties).is_available


def current(spans: Iterable[Span], at: datetime) -> Span | None:
    """Of the spans that hold `at` the one that ends last; None where none does."""
    return max((span for span in spans if span[0] <= at < span[1]), key=lambda span: span[1], default=None)


def away_until(leaves: Sequence[Span], at: datetime) -> datetime | None:
    """When somebody on leave is back: the end of what follows on without a gap. None: not on leave."""
    end, found = at, current(leaves, at)
    while found is not None:
        end = found[1]
        found = current(leaves, end)
    return end if end > at else None


def next_start(
    at: datetime, rhythm: Rhythm, *, statutory: Mapping[date, bool], leaves: Sequence[Span] = ()
) -> datetime | None:
    """The first instant from `at` on at which their hours have them at work; None within a month."""
    local = at.astimezone(rhythm.zone)
    for ahead in range(AHEAD):
        day = local.date() + timedelta(days=ahead)
        for start, end in sorted(rhythm.hours(day, statutory)):
            opened = max(_instant(rhythm.zone, day, start), at)
            opened = away_until(leaves, opened) or opened
            if opened < _instant(rhythm.zone, day, end):
                return opened
    return None


def _instant(zone: ZoneInfo, day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)


def wrong_spans(spans: Sequence[Minutes]) -> bool:
    """Whether these cannot be the hours of a day: outside of it, backwards, or overlapping."""
    last = 0
    for start, end in sorted(spans):
        if not last <= start < end <= DAY:
            return True
        last = end
    return False


def week_from(data: Sequence[Sequence[Sequence[int]]]) -> Week:
    """The week as `WorkingHours.week` stores it."""
    return tuple(tuple((start, end) for start, end in day) for day in data)
