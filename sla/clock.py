"""The arithmetic of one clock. Pure: instants come in, a new value comes out.

The calendar is 24×7, as the promise reads: working time is time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sla.vocabulary import ClockState, MilestoneKind

ZERO = timedelta(0)
TICK = timedelta(microseconds=1)
# A tier raised past its new due moment leaves the team this long.
GRACE = timedelta(minutes=15)
SHARES = ((MilestoneKind.HALF, 50), (MilestoneKind.MOST, 80), (MilestoneKind.BREACH, 100))


@dataclass(frozen=True)
class Reading:
    """What a clock shows. `due_at` of a paused clock is the moment that was due when the pause began."""

    within: timedelta
    started_at: datetime
    due_at: datetime
    state: str = ClockState.RUNNING
    paused_at: datetime | None = None
    paused_for: timedelta = ZERO
    stopped_at: datetime | None = None
    breached_at: datetime | None = None


def start(*, within: timedelta, at: datetime) -> Reading:
    """A clock started at `at` for a promise of `within`."""
    return Reading(within=within, started_at=at, due_at=at + within)


def pause(reading: Reading, *, at: datetime) -> Reading:
    """Paused at `at`; one past its due stays broken. Only a running clock pauses."""
    if reading.state != ClockState.RUNNING:
        return reading
    return replace(judge(reading, at=at), state=ClockState.PAUSED, paused_at=at)


def resume(reading: Reading, *, at: datetime) -> Reading:
    """Running again, due later by the length of the pause, unless it was broken before it paused."""
    if reading.state != ClockState.PAUSED or reading.paused_at is None:
        return reading
    length = max(ZERO, at - reading.paused_at)
    due = reading.due_at if reading.breached_at else reading.due_at + length
    return replace(
        reading, state=ClockState.RUNNING, paused_at=None, paused_for=reading.paused_for + length, due_at=due
    )


def stop(reading: Reading, *, at: datetime) -> Reading:
    """Stopped at `at`; an open pause is closed first. Meeting the due moment to the microsecond is met."""
    if reading.state not in {ClockState.RUNNING, ClockState.PAUSED}:
        return reading
    running = resume(reading, at=at)
    return replace(judge(running, at=at), state=ClockState.STOPPED, stopped_at=at)


def cancel(reading: Reading) -> Reading:
    """No longer counted: the ticket was cancelled or merged."""
    if reading.state not in {ClockState.RUNNING, ClockState.PAUSED}:
        return reading
    return replace(reading, state=ClockState.CANCELLED, paused_at=None)


def retarget(reading: Reading, *, within: timedelta, at: datetime) -> Reading:
    """Another promise, counted from the start and keeping earlier pauses.

    A new due moment that has already passed becomes `at` plus a grace. A promise already broken at `at` stays
    the one it was.
    """
    if reading.state == ClockState.RUNNING:
        reading = judge(reading, at=at)
    if reading.state not in {ClockState.RUNNING, ClockState.PAUSED} or reading.breached_at:
        return reading
    due = reading.started_at + within + reading.paused_for
    anchor = reading.paused_at or at
    if due <= anchor:
        due = anchor + GRACE
    return replace(reading, within=within, due_at=due)


def milestone_at(reading: Reading, share: int) -> datetime:
    """The instant at which `share` per cent of the promised time is used up."""
    return reading.due_at - reading.within * (100 - share) / 100


def reached(reading: Reading, *, at: datetime) -> list[MilestoneKind]:
    """The milestones a running clock has passed at `at`, in order. The breach is past its due moment."""
    return [kind for kind, share in SHARES if _check_at(reading, kind, share) <= at]


def next_check(reading: Reading, *, done: set[str]) -> datetime | None:
    """The next instant at which something must happen; None when nothing is left or it does not run.

    The breach is looked for a microsecond past the due moment, which itself is still met.
    """
    if reading.state != ClockState.RUNNING or reading.breached_at:
        return None
    for kind, share in SHARES:
        if kind not in done:
            return _check_at(reading, kind, share)
    return None


def _check_at(reading: Reading, kind: MilestoneKind, share: int) -> datetime:
    late = TICK if kind == MilestoneKind.BREACH else ZERO
    return milestone_at(reading, share) + late


def judge(reading: Reading, *, at: datetime) -> Reading:
    """Broken, if `at` is past its due moment and that is not yet on record."""
    if reading.breached_at is None and at > reading.due_at:
        return replace(reading, breached_at=reading.due_at)
    return reading
