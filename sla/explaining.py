"""Why a due moment is what it is, day by day. Pure: a reading and what happened come in, an explanation goes out.

A promise is counted from its start on the clock's calendar; what its pauses hold of working time moves it on. So
up to the due moment, what is counted is `allowed`, and with the pauses it is all the working time there was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from sla.calendar import ONE_DAY, Interval, WorkingCalendar, between, instant
from sla.clock import ZERO, Reading
from sla.vocabulary import ClockState, WaitFor

# More lines than these are shortened in the middle.
MOST_LINES = 40


class LineKind(StrEnum):
    """What a line of an explanation is about."""

    ALWAYS = "always"
    WORKING = "working"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    LEFT_OUT = "left_out"


class PartKind(StrEnum):
    """What became of a stretch of time: counted, paused, or outside working hours."""

    COUNTED = "counted"
    PAUSED = "paused"
    BREAK = "break"
    NIGHT = "night"


@dataclass(frozen=True)
class Waited:
    """The ticket waited for somebody else, until `until` or still. `pauses`: the promise rested meanwhile."""

    reason: str
    pauses: bool
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Aimed:
    """The promise became another one at `at`; `why` is the code of `sla.services.following`."""

    at: datetime
    old_due_at: datetime
    due_at: datetime
    tier: str
    grace: bool = False
    why: str = ""


@dataclass(frozen=True)
class DayName:
    """What a date is called, and whether that is a make-up workday or a day off."""

    name: str
    makeup: bool = False


@dataclass(frozen=True)
class Part:
    """A stretch within a line. Counted and paused parts hold working time only; `reason` says whose a pause is."""

    kind: PartKind
    since: datetime
    until: datetime
    reason: str = ""

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since


@dataclass(frozen=True)
class Line:
    """A local day, days off in a row, or days left out: `first` to `last`, both included, `days` of them.

    `total` is the working time counted up to its end. `changes` and `waits` began on it and moved nothing by
    themselves or cannot be seen from its parts.
    """

    kind: LineKind
    first: date
    last: date
    parts: tuple[Part, ...] = ()
    names: tuple[str, ...] = ()
    counted: timedelta = ZERO
    paused: timedelta = ZERO
    total: timedelta = ZERO
    changes: tuple[Aimed, ...] = ()
    waits: tuple[Waited, ...] = ()

    @property
    def days(self) -> int:
        """How many days it is about."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Pause:
    """A wait, and by how much working time it moved the due moment."""

    wait: Waited
    added: timedelta


@dataclass(frozen=True)
class Split:
    """Whose the time was: working time of ours, the vendor's and the customer's, and off hours; in all, the wall's."""

    ours: timedelta
    vendor: timedelta
    customer: timedelta
    off: timedelta

    @property
    def wall(self) -> timedelta:
        """All of it."""
        return self.ours + self.vendor + self.customer + self.off


@dataclass(frozen=True)
class Explanation:
    """How the due moment of `reading` came about, in lines of the days of its calendar's zone.

    `unplaced` is what pauses moved it of which only the length is known. `split` is there for a stopped clock.
    """

    reading: Reading
    calendar: str
    lines: tuple[Line, ...]
    pauses: tuple[Pause, ...]
    changes: tuple[Aimed, ...]
    unplaced: timedelta
    split: Split | None

    @property
    def grace(self) -> timedelta:
        """What was allowed beyond the promise, as the promise's own moment had passed."""
        return max(ZERO, self.reading.allowed - self.reading.within)

    @property
    def counted(self) -> timedelta:
        """The working time counted up to the due moment: `allowed`, and `unplaced` with it."""
        return sum((line.counted for line in self.lines), ZERO)

    @property
    def paused(self) -> timedelta:
        """The working time by which pauses moved the due moment."""
        return sum((pause.added for pause in self.pauses), ZERO)


def explain(
    reading: Reading,
    *,
    waits: Sequence[Waited] = (),
    changes: Sequence[Aimed] = (),
    names: Mapping[date, DayName] | None = None,
    calendar: str = "",
) -> Explanation:
    """The explanation of a clock with what happened to it in order; `calendar` and `names` are for readers."""
    pauses = tuple(_pauses(reading, waits))
    lines = _with_totals(_lines(reading, pauses, names or {}))
    lines = _with_happenings(lines, reading, changes, pauses)
    moved = sum((pause.added for pause in pauses), ZERO)
    there = between(reading.calendar, reading.started_at, reading.due_at)
    ended = reading.state == ClockState.STOPPED and reading.stopped_at is not None
    return Explanation(
        reading=reading,
        calendar=calendar,
        lines=tuple(_shortened(lines)),
        pauses=pauses,
        changes=tuple(changes),
        unplaced=max(ZERO, there - moved - reading.allowed),
        split=split(reading, waits, until=reading.stopped_at) if ended and reading.stopped_at else None,
    )


def split(reading: Reading, waits: Iterable[Waited], *, until: datetime) -> Split:
    """Whose the time from the start to `until` was. Pauses of which only the length is known are the customer's."""
    spent = {WaitFor.CUSTOMER: ZERO, WaitFor.VENDOR: ZERO}
    paused, reached = ZERO, reading.started_at
    for wait in waits:
        end = min(wait.until or until, until)
        length = between(reading.calendar, max(wait.since, reached), end)
        reached = max(reached, end)
        spent[WaitFor(wait.reason)] += length
        paused += length if wait.pauses else ZERO
    working = between(reading.calendar, reading.started_at, until)
    left = working - sum(spent.values(), ZERO)
    unplaced = min(left, max(ZERO, reading.paused_for - paused))
    return Split(
        ours=left - unplaced,
        vendor=spent[WaitFor.VENDOR],
        customer=spent[WaitFor.CUSTOMER] + unplaced,
        off=max(ZERO, until - reading.started_at) - working,
    )


def _pauses(reading: Reading, waits: Iterable[Waited]) -> Iterator[Pause]:
    """Every wait with what it added. One still open when nothing counted any more has added nothing."""
    left = reading.paused_for
    for wait in waits:
        added = ZERO
        if wait.pauses and wait.until is not None:
            length = between(reading.calendar, wait.since, min(wait.until, reading.due_at))
            added = length if length <= left else ZERO
        left -= added
        yield Pause(wait, added)


def _lines(reading: Reading, pauses: Sequence[Pause], names: Mapping[date, DayName]) -> list[Line]:
    calendar, start, due = reading.calendar, reading.started_at, reading.due_at
    resting = [(p.wait.since, p.wait.until, p.wait.reason) for p in pauses if p.added and p.wait.until]
    first, last = _date(calendar, start), _date(calendar, due)
    if calendar.always:
        parts = tuple(_cut([(start, due)] if due > start else [], resting))
        return [Line(LineKind.ALWAYS, first, last, parts)]
    lines: list[Line] = []
    # Where a day begins twice, the due moment may lie in the day after its own date.
    for day in _days(first, last + ONE_DAY):
        line = _line(reading, day, resting, names.get(day))
        lines[-1:] = _joined_off(lines[-1], line) if lines else [line]
    while len(lines) > 1 and not _tells(lines[-1]):
        lines.pop()
    return lines


def _line(
    reading: Reading, day: date, resting: Sequence[tuple[datetime, datetime, str]], name: DayName | None
) -> Line:
    calendar = reading.calendar
    hours = calendar.on(day)
    usual = bool(calendar.week[day.weekday()])
    if not hours:
        named = (name.name,) if name and name.name and not name.makeup else ()
        return Line(LineKind.HOLIDAY if named or usual else LineKind.WEEKEND, day, day, names=named)
    clipped = [(max(opened, reading.started_at), min(closed, reading.due_at)) for opened, closed in hours]
    counted = [(opened, closed) for opened, closed in clipped if opened < closed]
    parts = [*_cut(counted, resting), *_gaps(reading, day, hours)]
    named = (name.name,) if name and name.name and name.makeup else ()
    kind = LineKind.MAKEUP if named or not usual else LineKind.WORKING
    return Line(kind, day, day, tuple(sorted(parts, key=lambda part: part.since)), named)


def _cut(spans: Iterable[Interval], resting: Sequence[tuple[datetime, datetime, str]]) -> Iterator[Part]:
    """Working time as parts: what lies in a pause is paused, the rest counts."""
    for opened, closed in spans:
        reached = opened
        for since, until, reason in resting:
            begin, end = max(since, reached), min(until, closed)
            if begin >= end:
                continue
            if begin > reached:
                yield Part(PartKind.COUNTED, reached, begin)
            yield Part(PartKind.PAUSED, begin, end, reason)
            reached = end
        if reached < closed:
            yield Part(PartKind.COUNTED, reached, closed)


def _gaps(reading: Reading, day: date, hours: Sequence[Interval]) -> Iterator[Part]:
    """What of a working day lies outside its hours, between the start and the due moment."""
    zone = reading.calendar.zone
    edges = [(PartKind.BREAK, before[1], after[0]) for before, after in pairwise(hours)]
    edges.insert(0, (PartKind.NIGHT, instant(zone, day, 0), hours[0][0]))
    edges.append((PartKind.NIGHT, hours[-1][1], instant(zone, day + ONE_DAY, 0)))
    for kind, since, until in edges:
        begin, end = max(since, reading.started_at), min(until, reading.due_at)
        if begin < end:
            yield Part(kind, begin, end)


def _joined_off(before: Line, line: Line) -> list[Line]:
    """Days off in a row are one line."""
    off = {LineKind.WEEKEND, LineKind.HOLIDAY}
    if before.kind not in off or line.kind not in off:
        return [before, line]
    kind = LineKind.HOLIDAY if LineKind.HOLIDAY in {before.kind, line.kind} else LineKind.WEEKEND
    names = tuple(dict.fromkeys(before.names + line.names))
    return [replace(before, kind=kind, last=line.last, names=names)]


def _tells(line: Line) -> bool:
    return any(part.kind in {PartKind.COUNTED, PartKind.PAUSED} for part in line.parts)


def _with_totals(lines: Iterable[Line]) -> list[Line]:
    total, found = ZERO, []
    for line in lines:
        counted, paused = _sum(line, PartKind.COUNTED), _sum(line, PartKind.PAUSED)
        total += counted
        found.append(replace(line, counted=counted, paused=paused, total=total))
    return found


def _sum(line: Line, kind: PartKind) -> timedelta:
    return sum((part.length for part in line.parts if part.kind == kind), ZERO)


def _with_happenings(
    lines: Sequence[Line], reading: Reading, changes: Sequence[Aimed], pauses: Sequence[Pause]
) -> list[Line]:
    """Changes and waits that no part shows, on the line of their day; what comes later than all, on the last."""
    silent = [p.wait for p in pauses if not p.added and p.wait.since <= reading.due_at]
    changed = [(_place(lines, _date(reading.calendar, change.at)), change) for change in changes]
    waited = [(_place(lines, _date(reading.calendar, wait.since)), wait) for wait in silent]
    return [
        replace(
            line,
            changes=tuple(change for place, change in changed if place == number),
            waits=tuple(wait for place, wait in waited if place == number),
        )
        for number, line in enumerate(lines)
    ]


def _place(lines: Sequence[Line], day: date) -> int:
    return next((number for number, line in enumerate(lines) if line.last >= day), len(lines) - 1)


def _shortened(lines: Sequence[Line]) -> list[Line]:
    if len(lines) <= MOST_LINES:
        return list(lines)
    head = MOST_LINES // 2
    cut = lines[head : len(lines) - head + 1]
    middle = Line(
        LineKind.LEFT_OUT,
        cut[0].first,
        cut[-1].last,
        counted=sum((line.counted for line in cut), ZERO),
        paused=sum((line.paused for line in cut), ZERO),
        total=cut[-1].total,
        changes=tuple(change for line in cut for change in line.changes),
        waits=tuple(wait for line in cut for wait in line.waits),
    )
    return [*lines[:head], middle, *lines[len(lines) - head + 1 :]]


def _date(calendar: WorkingCalendar, at: datetime) -> date:
    return at.astimezone(calendar.zone).date()


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
