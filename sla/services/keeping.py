"""Starting, pausing, stopping and storing the clocks of a ticket.

Called inside the transaction that changes the ticket, whose row is locked first: that orders the writers.
The sweep takes the ticket's lock together with the clock's, so neither ever waits for the other in a circle.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.db.models import Min

from common.events import publish
from sla import clock as arithmetic
from sla.clock import Reading
from sla.events import ClockBreached
from sla.models import Clock, Milestone, Target
from sla.vocabulary import ClockState, MilestoneKind
from tickets.models import Ticket
from tickets.services.due import set_next_due
from tickets.services.history import record

OPEN_STATES = (ClockState.RUNNING, ClockState.PAUSED)


def reading_of(clock: Clock) -> Reading:
    """A stored clock as a value to reckon with."""
    return Reading(
        within=clock.within,
        started_at=clock.started_at,
        due_at=clock.due_at,
        state=clock.state,
        paused_at=clock.paused_at,
        paused_for=clock.paused_for,
        stopped_at=clock.stopped_at,
        breached_at=clock.breached_at,
    )


def open_clocks(ticket_id: int, metric: str | None = None) -> list[Clock]:
    """The ticket's clocks that still count, locked; of one metric, if given."""
    clocks = Clock.objects.select_for_update(of=("self",)).select_related("ticket").order_by("pk")
    found = clocks.filter(ticket_id=ticket_id, state__in=OPEN_STATES)
    return list(found.filter(metric=metric) if metric else found)


def start_clock(*, ticket: Ticket, metric: str, cycle: int, at: datetime) -> None:
    """Start a clock; where no target is set for the tier, nothing is promised and nothing is started."""
    target = Target.objects.filter(tier=ticket.tier, metric=metric).first()
    if target is None:
        return
    reading = arithmetic.start(within=target.within, at=at)
    Clock.objects.create(
        ticket=ticket,
        metric=metric,
        cycle=cycle,
        tier=ticket.tier,
        next_check_at=arithmetic.next_check(reading, done=set()),
        **asdict(reading),
    )


def change_clocks(
    *, ticket_id: int, at: datetime, change: Callable[[Reading], Reading], metric: str | None = None
) -> None:
    """Apply `change` to the ticket's open clocks (of one metric), and record a breach it brings to light."""
    for clock in open_clocks(ticket_id, metric):
        store(clock, change(reading_of(clock)), at=at)
    refresh_next_due(ticket_id)


def store(clock: Clock, reading: Reading, *, at: datetime) -> None:
    """Write a reading back, with its next check; a breach not yet on record is recorded and told."""
    fresh_breach = reading.breached_at is not None and clock.breached_at is None
    for name, value in asdict(reading).items():
        setattr(clock, name, value)
    done = set(clock.milestones.values_list("kind", flat=True)) if clock.pk else set()
    clock.next_check_at = arithmetic.next_check(reading, done=done)
    clock.save()
    if fresh_breach:
        tell_breach(clock, at=at)


def tell_breach(clock: Clock, *, at: datetime) -> None:
    """Once per clock: the milestone row is unique."""
    _row, first = Milestone.objects.get_or_create(clock=clock, kind=MilestoneKind.BREACH, defaults={"at": at})
    if not first:
        return
    record(
        ticket=clock.ticket,
        at=at,
        actor=None,
        event="clock_breached",
        field=clock.metric,
        new=clock.due_at.isoformat(),
        data={"cycle": clock.cycle},
    )
    publish(
        ClockBreached(
            ticket_id=clock.ticket_id, clock_id=clock.pk, metric=clock.metric, due_at=clock.due_at, at=at
        )
    )


def refresh_next_due(ticket_id: int) -> None:
    """Keep the board's order: the earliest due moment of a running clock."""
    running = Clock.objects.filter(ticket_id=ticket_id, state=ClockState.RUNNING)
    set_next_due(ticket_id=ticket_id, due_at=running.aggregate(first=Min("due_at"))["first"])
