"""Reading clocks for screens, API and mail."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sla import clock as arithmetic
from sla.models import Clock, Target
from sla.services.keeping import reading_of
from sla.vocabulary import ClockState, Metric, MilestoneKind
from tickets.models import Ticket


def clocks_of(tickets: Iterable[Ticket]) -> dict[int, list[Clock]]:
    """The clocks of each ticket by its id, by metric and cycle. One query; no clocks, no key missing: []."""
    found: dict[int, list[Clock]] = defaultdict(list)
    ids = [ticket.pk for ticket in tickets]
    for clock in Clock.objects.filter(ticket__in=ids).order_by("ticket_id", "metric", "cycle"):
        found[clock.ticket_id].append(clock)
    return found


def current(clocks: Sequence[Clock]) -> list[Clock]:
    """The clock of the latest cycle of each metric, first response before resolution."""
    latest: dict[str, Clock] = {}
    for clock in clocks:
        if clock.metric not in latest or clock.cycle > latest[clock.metric].cycle:
            latest[clock.metric] = clock
    return [latest[metric] for metric in Metric.values if metric in latest]


def next_due(clocks: Iterable[Clock]) -> Clock | None:
    """The running clock that falls due first; None when none runs."""
    running = [clock for clock in clocks if clock.state == ClockState.RUNNING]
    return min(running, key=lambda clock: clock.due_at, default=None)


def look(clock: Clock, *, at: datetime) -> str:
    """How a clock is to be shown: `met`, `breach`, `still` (paused), `warn` (80 % gone), `ok` or `off`."""
    if clock.state == ClockState.CANCELLED:
        return "off"
    reading = reading_of(clock)
    running = clock.state == ClockState.RUNNING
    if clock.breached or (running and arithmetic.judge(reading, at=at).breached_at):
        return "breach"
    if clock.state == ClockState.STOPPED:
        return "met"
    if clock.state == ClockState.PAUSED:
        return "still"
    return "warn" if MilestoneKind.MOST in arithmetic.reached(reading, at=at) else "ok"


def prospect(tier: str, metric: str, *, at: datetime) -> arithmetic.Reading | None:
    """The clock a ticket of `tier` would start with if it were filed at `at`; None where nothing is promised."""
    target = Target.objects.filter(tier=tier, metric=metric).first()
    return arithmetic.start(within=target.within, at=at) if target else None
