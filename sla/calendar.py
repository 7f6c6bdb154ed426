"""Working time on a calendar. Pure: instants and calendars come in, instants and lengths go out.

Instants are aware and in UTC; everything is half-open and exact to the microsecond. A calendar speaks of the
minutes of local days; they become instants once, a day at a time, so that neighbours never overlap nor leave a
hole when the clocks of the zone are put forward or back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

# (start, end) in minutes of the local day: half-open, 0 ≤ start < end ≤ 1440. 24:00 is the next day's 00:00.
Span = tuple[int, int]
# (start, end) as instants in UTC, half-open.
Interval = tuple[datetime, datetime]

MINUTES = 24 * 60
ZERO = timedelta(0)
ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
# Where that long nothing is worked, nothing will be.
PATIENCE = timedelta(days=5 * 366)
WHOLE_DAY: tuple[Span, ...] = ((0, MINUTES),)


class NoWorkingTime(Exception):
    """Nothing is worked on this calendar within five years."""


class Problem(StrEnum):
    """What may be wrong with the hours of a day or a week."""

    OUTSIDE = "outside_the_day"
    BACKWARDS = "ends_before_it_starts"
    OVERLAPPING = "overlapping"
    NOTHING = "no_working_time"


@dataclass(frozen=True)
class WorkingCalendar:
    """The hours of a week in a zone, Monday first, and the days on which others hold: `()` is a day off.

    It remembers the instants of every day it was asked about, so the same object is worth keeping.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict, hash=False)
    # Every minute of every day: working time is elapsed time.
    always: bool = field(init=False, compare=False, repr=False)
    _known: dict[date, tuple[Interval, ...]] = field(
        init=False, compare=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        every = all(spans == WHOLE_DAY for spans in (*self.week, *self.days.values()))
        object.__setattr__(self, "always", every)

    def spans(self, day: date) -> tuple[Span, ...]:
        """The hours of a local day."""
        found = self.days.get(day)
        return self.week[day.weekday()] if found is None else found

    def on(self, day: date) -> tuple[Interval, ...]:
        """The hours of a local day as instants, in order, adjacent ones as one."""
        known = self._known.get(day)
        if known is None:
            known = tuple(_joined(self._instants(day)))
            self._known[day] = known
        return known

    def _instants(self, day: date) -> Iterator[Interval]:
        for start, end in sorted(self.spans(day)):
            yield instant(self.zone, day, start), instant(self.zone, day, end)


ROUND_THE_CLOCK = WorkingCalendar(zone=ZoneInfo("Asia/Shanghai"), week=(WHOLE_DAY,) * 7)


def add(calendar: WorkingCalendar, start: datetime, amount: timedelta) -> datetime:
    """The earliest instant by which `amount` of working time has passed since `start`.

    That is the end of an interval rather than the start of the next one; no time passes by `start` itself.
    Raises NoWorkingTime, and ValueError for an amount below zero.
    """
    start = _utc(start)
    if amount < ZERO:
        raise ValueError(amount)
    if calendar.always or not amount:
        return start + amount
    for opened, closed in _following(calendar, start):
        length = closed - opened
        if length >= amount:
            return opened + amount
        amount -= length
    raise NoWorkingTime


def between(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`; none where `end` is not after `start`."""
    return sum((closed - opened for opened, closed in intervals(calendar, start, end)), ZERO)


def intervals(calendar: WorkingCalendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """What is worked from `start` to `end`, clipped to it, in order; across midnight it is one interval."""
    start, end = _utc(start), _utc(end)
    if start >= end:
        return iter(())
    if calendar.always:
        return iter([(start, end)])
    return _joined(_within(calendar, start, end))


def next_start(calendar: WorkingCalendar, at: datetime) -> datetime:
    """The first instant from `at` on at which somebody works: `at` itself inside an interval.

    Raises NoWorkingTime.
    """
    at = _utc(at)
    if calendar.always:
        return at
    for opened, _closed in _following(calendar, at):
        return opened
    raise NoWorkingTime


def _within(calendar: WorkingCalendar, start: datetime, end: datetime) -> Iterator[Interval]:
    # A day may begin twice, so `end` may lie in the day after its own date.
    last = end.astimezone(calendar.zone).date() + ONE_DAY
    for opened, closed in _following(calendar, start, last=last):
        if opened >= end:
            return
        yield opened, min(closed, end)


def _following(calendar: WorkingCalendar, at: datetime, *, last: date | None = None) -> Iterator[Interval]:
    """Intervals that end after `at`, the first clipped: to the local day `last`, or until patience is lost."""
    day = at.astimezone(calendar.zone).date()
    until = last or day + PATIENCE
    while day <= until:
        for opened, closed in calendar.on(day):
            if closed > at:
                yield (opened if opened > at else at), closed
                until = last or day + PATIENCE
        day += ONE_DAY


def _joined(parts: Iterator[Interval]) -> Iterator[Interval]:
    """Intervals in order of their start, what touches or overlaps as one, empty ones left out."""
    held: Interval | None = None
    for opened, closed in parts:
        if opened >= closed:
            continue
        if held is not None and opened <= held[1]:
            held = (held[0], max(held[1], closed))
            continue
        if held is not None:
            yield held
        held = (opened, closed)
    if held is not None:
        yield held


def instant(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """A minute (0–1440) of a local day as an instant in UTC.

    A wall time that comes twice is its first occurrence, one that is left out is the instant of the jump: a day
    of 00:00–24:00 then has 23 or 25 hours, and what follows begins where it ends.
    """
    wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    # Read with the offset after the jump, the same wall time lies before it.
    return _jump(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found)


def _jump(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant at which the zone's offset changes; it lies after `before` and not after `after`."""
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return at.astimezone(UTC)


def day_problems(spans: Sequence[Span]) -> list[Problem]:
    """What is wrong with the hours of one day, each code once; empty hours are a day off and right."""
    found = []
    if any(not 0 <= minute <= MINUTES for span in spans for minute in span):
        found.append(Problem.OUTSIDE)
    if any(end <= start for start, end in spans):
        found.append(Problem.BACKWARDS)
    ordered = sorted(spans)
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        found.append(Problem.OVERLAPPING)
    return found


def problems(week: Sequence[Sequence[Span]]) -> list[Problem]:
    """What is wrong with the hours of a week, each code once, in the order of `Problem`."""
    found = {problem for spans in week for problem in day_problems(spans)}
    if not any(week):
        found.add(Problem.NOTHING)
    return [problem for problem in Problem if problem in found]


def longest_rest(calendar: WorkingCalendar) -> timedelta:
    """The longest row of whole days, around those that the calendar names, on which nobody works."""
    if not any(calendar.week):
        return PATIENCE
    named = sorted(calendar.days)
    day, last = (named[0] - WEEK, named[-1] + WEEK) if named else (date(2000, 1, 3), date(2000, 1, 16))
    longest = rest = ZERO
    while day <= last:
        rest = ZERO if calendar.spans(day) else rest + ONE_DAY
        longest = max(longest, rest)
        day += ONE_DAY
    return longest


def to_data(calendar: WorkingCalendar) -> dict[str, Any]:
    """The calendar as JSON: `{zone, week: [[[start, end]]], days: {date: [[start, end]]}}`, days in order.

    A day on which its weekday's own hours hold says nothing and is left out.
    """
    telling = {day: spans for day, spans in calendar.days.items() if spans != calendar.week[day.weekday()]}
    return {
        "zone": calendar.zone.key,
        "week": [_listed(spans) for spans in calendar.week],
        "days": {day.isoformat(): _listed(spans) for day, spans in sorted(telling.items())},
    }


def from_data(data: Mapping[str, Any]) -> WorkingCalendar:
    """The calendar that `to_data` wrote."""
    return WorkingCalendar(
        zone=ZoneInfo(data["zone"]),
        week=tuple(_spans(listed) for listed in data["week"]),
        days={date.fromisoformat(day): _spans(listed) for day, listed in data["days"].items()},
    )


def _listed(spans: Sequence[Span]) -> list[list[int]]:
    return [[start, end] for start, end in spans]


def _spans(listed: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in listed)
