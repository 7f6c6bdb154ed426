"""Reading clocks for screens, API and mail."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sla import clock as arithmetic
from sla.models import Clock
from sla.rulebook import Facts
from sla.services.keeping import reading_of
from sla.services.rules import Rulebook, calendar_of
from sla.vocabulary import MOST, ClockState, Metric
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
    return "warn" if at >= arithmetic.milestone_at(reading, MOST) else "ok"


def rail_from(clock: Clock) -> datetime:
    """Where a straight line to the due moment begins on which four fifths fall on the clock's own four fifths.

    Pages count down on it by themselves and turn amber when the calendar says so.
    """
    return clock.due_at - 5 * (clock.due_at - arithmetic.milestone_at(reading_of(clock), MOST))


def used(clock: Clock, *, at: datetime) -> int:
    """How much of the allowed working time is used up at `at`, in per cent, at most 100."""
    reading = reading_of(clock)
    return max(0, min(100, int(100 * (arithmetic.worked(reading, at=at) / reading.allowed))))


def prospect(facts: Facts, metric: str, *, at: datetime) -> arithmetic.Reading | None:
    """The clock a ticket like this would start with if it were filed at `at`; None where nothing is promised."""
    rulebook = Rulebook()
    terms = rulebook.terms(facts, metric)
    if terms is None:
        return None
    calendar = calendar_of(rulebook.calendar_version(terms))
    return arithmetic.start(within=terms.promised.within, at=at, calendar=calendar)
