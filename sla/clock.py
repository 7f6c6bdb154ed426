"""The arithmetic of one clock. Pure: instants come in, a new value comes out.

Working time is counted on the clock's own calendar; so are the pauses.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sla.calendar import ROUND_THE_CLOCK, WorkingCalendar, add, between
from sla.vocabulary import BREACH, HALF, MOST, ClockState

ZERO = timedelta(0)
TICK = timedelta(microseconds=1)
# A promise moved past its new due moment leaves the team this long, unless its policy says otherwise.
GRACE = timedelta(minutes=15)
SHARES = (HALF, MOST, BREACH)
OPEN_STATES = (ClockState.RUNNING, ClockState.PAUSED)
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Reading:
    """What a clock shows.

    `within` is the working time promised; `allowed` the working time the due moment leaves, which is the same
    unless a grace was given. `due_at` of a paused clock is the moment that was due when the pause began.
    `paused_for` is the working time paused so far, an open pause aside.
    """

    within: timedelta
    allowed: timedelta
    started_at: datetime
    due_at: datetime
    state: str = ClockState.RUNNING
    paused_at: datetime | None = None
    paused_for: timedelta = ZERO
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    calendar: WorkingCalendar = field(default=ROUND_THE_CLOCK, compare=False)


def start(*, within: timedelta, at: datetime, calendar: WorkingCalendar = ROUND_THE_CLOCK) -> Reading:
    """A clock started at `at` for a promise of `within` working time."""
    due = add(calendar, at, within)
    return Reading(within=within, allowed=within, started_at=at, due_at=due, calendar=calendar)


def pause(reading: Reading, *, at: datetime) -> Reading:
    """Paused at `at`; one past its due stays broken. Only a running clock pauses."""
    if reading.state != ClockState.RUNNING:
        return reading
    return replace(judge(reading, at=at), state=ClockState.PAUSED, paused_at=at)


def resume(reading: Reading, *, at: datetime) -> Reading:
    """Running again, due later by the working time of the pause, unless it was broken before it paused."""
    if reading.state != ClockState.PAUSED or reading.paused_at is None:
        return reading
    paused = reading.paused_for + between(reading.calendar, reading.paused_at, max(at, reading.paused_at))
    due = reading.due_at
    if not reading.breached_at and paused != reading.paused_for:
        due = add(reading.calendar, reading.started_at, reading.allowed + paused)
    return replace(reading, state=ClockState.RUNNING, paused_at=None, paused_for=paused, due_at=due)


def stop(reading: Reading, *, at: datetime) -> Reading:
    """Stopped at `at`; an open pause is closed first. Meeting the due moment to the microsecond is met."""
    if reading.state not in OPEN_STATES:
        return reading
    running = resume(reading, at=at)
    return replace(judge(running, at=at), state=ClockState.STOPPED, stopped_at=at)


def answer(reading: Reading, *, at: datetime) -> Reading:
    """Stopped by what was said at `at`, which may lie back: a call is logged after it took place.

    What was said before the clock began answers nothing of it. A breach that was put on record only because nobody
    had logged the call yet is none.
    """
    if at < reading.started_at:
        return reading
    stopped = stop(reading, at=at)
    if stopped.stopped_at is not None and stopped.stopped_at <= stopped.due_at:
        return replace(stopped, breached_at=None)
    return stopped


def cancel(reading: Reading) -> Reading:
    """No longer counted: the ticket was cancelled or merged."""
    if reading.state not in OPEN_STATES:
        return reading
    return replace(reading, state=ClockState.CANCELLED, paused_at=None)


def give_up(reading: Reading, *, at: datetime) -> Reading:
    """Nothing is waited for any more at `at`: what was broken by then is stopped and counts, the rest does not."""
    stopped = stop(reading, at=at)
    return stopped if stopped.breached_at else cancel(reading)


def retarget(
    reading: Reading,
    *,
    within: timedelta,
    at: datetime,
    calendar: WorkingCalendar | None = None,
    pauses: Iterable[Stretch] = (),
    grace: timedelta = GRACE,
) -> Reading:
    """Another promise, counted from the start and keeping earlier pauses, on `calendar` if that is given.

    `pauses` are the closed pauses from and to; they are measured anew where the calendar is another one. A new
    due moment that has already passed becomes `at` plus a grace of working time. A promise already broken at
    `at` stays the one it was.
    """
    if reading.state == ClockState.RUNNING:
        reading = judge(reading, at=at)
    if reading.state not in OPEN_STATES or reading.breached_at:
        return reading
    if calendar is not None and calendar != reading.calendar:
        paused = sum((between(calendar, since, until) for since, until in pauses), ZERO)
        reading = replace(reading, calendar=calendar, paused_for=paused)
    counting = reading.calendar
    anchor = reading.paused_at or at
    due, allowed = add(counting, reading.started_at, within + reading.paused_for), within
    if due <= anchor:
        due = add(counting, anchor, grace)
        allowed = between(counting, reading.started_at, anchor) - reading.paused_for + grace
    return replace(reading, within=within, allowed=allowed, due_at=due)


def worked(reading: Reading, *, at: datetime) -> timedelta:
    """The working time the clock has counted at `at` or until it stopped, pauses aside."""
    until = reading.paused_at or reading.stopped_at or at
    return max(ZERO, between(reading.calendar, reading.started_at, until) - reading.paused_for)


def milestone_at(reading: Reading, share: int) -> datetime:
    """The instant at which `share` per cent of the allowed time is used up; of the breach, the due moment."""
    if share == BREACH:
        return reading.due_at
    return add(reading.calendar, reading.started_at, reading.allowed * share / 100 + reading.paused_for)


def reached(reading: Reading, *, at: datetime, shares: Sequence[int] = SHARES) -> list[int]:
    """The milestones a running clock has passed at `at`, in order. The breach is past its due moment."""
    return [share for share in shares if _check_at(reading, share) <= at]


def repeated(reading: Reading, *, at: datetime) -> int | None:
    """The last further 100 % after the breach that has passed at `at` (200, 300 …); None before the first."""
    if not reading.breached_at:
        return None
    share = int(worked(reading, at=at) / reading.allowed) * 100
    return share if share > BREACH else None


def next_check(
    reading: Reading, *, done: Collection[int], shares: Sequence[int] = SHARES, repeats: bool = False
) -> datetime | None:
    """The next instant at which something must happen; None when nothing is left or the clock does not run.

    The breach is looked for a microsecond past the due moment, which itself is still met. With `repeats`, a
    broken promise comes up again at every further 100 % of its time.
    """
    if reading.state != ClockState.RUNNING:
        return None
    broken = reading.breached_at is not None
    ahead = [share for share in shares if share not in done and (share > BREACH or not broken)]
    if repeats and broken:
        ahead.append((max([BREACH, *done]) // 100 + 1) * 100)
    return min((_check_at(reading, share) for share in ahead), default=None)


def _check_at(reading: Reading, share: int) -> datetime:
    return milestone_at(reading, share) + (TICK if share == BREACH else ZERO)


def judge(reading: Reading, *, at: datetime) -> Reading:
    """Broken, if `at` is past its due moment and that is not yet on record."""
    if reading.breached_at is None and at > reading.due_at:
        return replace(reading, breached_at=reading.due_at)
    return reading
