"""A ticket's promises as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.models import Clock
from sla.selectors import current, look, rail_from, used
from sla.vocabulary import ClockState
from tickets.models import Ticket


@dataclass(frozen=True)
class Promised:
    """One clock as shown at one moment. `look` is a word of `sla.selectors.look`; `used` is in per cent."""

    clock: Clock
    look: str
    used: int

    @property
    def rail_from(self) -> datetime:
        """Where the rail begins, so that pauses and time off do not count."""
        return rail_from(self.clock)

    @property
    def took(self) -> timedelta | None:
        """How long it took in the end, pauses aside; None while it is not over."""
        return self.clock.worked


def promised(ticket: Ticket, *, at: datetime) -> list[Promised]:
    """The clocks of the latest cycle of each metric; they must be prefetched."""
    return [_promised(clock, at) for clock in current(list(ticket.clocks.all()))]


def running(clocks: Sequence[Promised]) -> Promised | None:
    """The running clock that falls due first."""
    counting = [shown for shown in clocks if shown.clock.state == ClockState.RUNNING]
    return min(counting, key=lambda shown: shown.clock.due_at, default=None)


def _promised(clock: Clock, at: datetime) -> Promised:
    return Promised(clock=clock, look=look(clock, at=at), used=used(clock, at=at))
