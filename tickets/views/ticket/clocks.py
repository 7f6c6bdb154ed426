"""A ticket's promises as its page shows them, with how each due moment came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.models import Clock
from sla.selectors import current, look
from sla.vocabulary import ClockState
from tickets.models import Ticket

ZERO = timedelta(0)


@dataclass(frozen=True)
class Ledger:
    """How a due moment came about: begun, promised, paused, and whatever grace was added."""

    started_at: datetime
    within: timedelta
    paused: timedelta
    grace: timedelta
    due_at: datetime


@dataclass(frozen=True)
class Promised:
    """One clock as shown at one moment. `look` is a word of `sla.selectors.look`; `used` is in per cent."""

    clock: Clock
    look: str
    used: int
    ledger: Ledger

    @property
    def rail_from(self) -> datetime:
        """Where the rail begins: the due moment less the promised time, so that pauses do not count."""
        return self.clock.due_at - self.clock.within

    @property
    def took(self) -> timedelta | None:
        """How long it took in the end, pauses aside; None while it is not over."""
        clock = self.clock
        if clock.stopped_at is None:
            return None
        return max(ZERO, clock.stopped_at - clock.started_at - clock.paused_for)


def promised(ticket: Ticket, *, at: datetime) -> list[Promised]:
    """The clocks of the latest cycle of each metric; they must be prefetched."""
    return [_promised(clock, at) for clock in current(list(ticket.clocks.all()))]


def running(clocks: Sequence[Promised]) -> Promised | None:
    """The running clock that falls due first."""
    counting = [shown for shown in clocks if shown.clock.state == ClockState.RUNNING]
    return min(counting, key=lambda shown: shown.clock.due_at, default=None)


def _promised(clock: Clock, at: datetime) -> Promised:
    until = clock.paused_at or clock.stopped_at or at
    left = clock.due_at - until
    used = max(0, min(100, int(100 * (1 - left / clock.within))))
    return Promised(clock=clock, look=look(clock, at=at), used=used, ledger=_ledger(clock))


def _ledger(clock: Clock) -> Ledger:
    # What the due moment is later than the bare promise; a pause after a breach moves nothing any more.
    later = max(ZERO, clock.due_at - clock.started_at - clock.within)
    paused = min(later, clock.paused_for)
    return Ledger(
        started_at=clock.started_at,
        within=clock.within,
        paused=paused,
        grace=later - paused,
        due_at=clock.due_at,
    )
