"""Starting, pausing, stopping and storing the clocks of a ticket.

Called inside the transaction that changes the ticket, whose row is locked first: that orders the writers.
The sweep takes the ticket's lock together with the clock's, so neither ever waits for the other in a circle.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, Min

from common.events import publish
from sla import clock as arithmetic
from sla.clock import OPEN_STATES, Reading
from sla.events import Hit, MilestonesReached
from sla.models import Clock, Milestone, Wait
from sla.services.rules import Rulebook, calendar_of, facts_of, rules_of
from sla.vocabulary import BREACH, ClockState, Metric, WaitFor
from tickets.models import HistoryEntry, Ticket
from tickets.services.due import set_next_due
from tickets.services.history import append, entry

STORED = (
    "within", "allowed", "started_at", "due_at", "state", "paused_at", "paused_for", "stopped_at", "breached_at",
)  # fmt: skip


def reading_of(clock: Clock) -> Reading:
    """A stored clock as a value to reckon with."""
    values = {name: getattr(clock, name) for name in STORED}
    return Reading(**values, calendar=calendar_of(clock.calendar_version_id))


def values_of(reading: Reading) -> dict[str, Any]:
    """The columns of a reading."""
    return {name: getattr(reading, name) for name in STORED}


def open_clocks(ticket_id: int, *metrics: str) -> list[Clock]:
    """The ticket's clocks that still count, locked; of some metrics, if given."""
    clocks = Clock.objects.select_for_update(of=("self",)).select_related("ticket").order_by("pk")
    found = clocks.filter(ticket_id=ticket_id, state__in=OPEN_STATES)
    return list(found.filter(metric__in=metrics) if metrics else found)


def start_clocks(*, ticket: Ticket, metrics: Iterable[str], cycle: int, at: datetime) -> None:
    """Start a clock for each metric; where no policy names a target, nothing is promised and nothing is started."""
    rulebook, facts = Rulebook(writing=True), facts_of(ticket)
    for metric in metrics:
        terms = rulebook.terms(facts, metric)
        if terms is None:
            continue
        version = rulebook.calendar_version(terms)
        reading = arithmetic.start(within=terms.promised.within, at=at, calendar=calendar_of(version))
        Clock.objects.create(
            ticket=ticket,
            metric=metric,
            cycle=cycle,
            tier=ticket.tier,
            policy_version_id=terms.rules.version,
            calendar_version_id=version,
            next_check_at=arithmetic.next_check(reading, done=(), shares=terms.rules.shares(metric)),
            **values_of(reading),
        )
    refresh_next_due(ticket.pk)


def owe_answer(*, ticket: Ticket, at: datetime) -> None:
    """A customer's word waits since `at`, unless an older one does already or the first answer is still owed."""
    owed = Clock.objects.filter(
        ticket=ticket, metric__in=(Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE), state__in=OPEN_STATES
    )
    if owed.exists():
        return
    answers = Clock.objects.filter(ticket=ticket, metric=Metric.NEXT_RESPONSE)
    last = answers.aggregate(last=Max("cycle"))["last"] or 0
    start_clocks(ticket=ticket, metrics=[Metric.NEXT_RESPONSE], cycle=last + 1, at=at)


def change_clocks(
    *, ticket_id: int, at: datetime, change: Callable[[Reading], Reading], metrics: Iterable[str] = ()
) -> None:
    """Apply `change` to the ticket's open clocks (of some metrics), and record a breach it brings to light."""
    clocks = open_clocks(ticket_id, *metrics)
    for clock in clocks:
        store(clock, change(reading_of(clock)), at=at)
    if clocks:
        refresh_next_due(ticket_id)


def begin_wait(*, ticket_id: int, reason: str, at: datetime) -> None:
    """The ticket waits for somebody else: the resolution clock rests, or its policy only wants it told apart."""
    for clock in open_clocks(ticket_id, Metric.RESOLUTION):
        rests = reason == WaitFor.CUSTOMER or rules_of(clock.policy_version_id).vendor_pauses
        Wait.objects.create(clock=clock, reason=reason, pauses=rests, started_at=at)
        if rests:
            store(clock, arithmetic.pause(reading_of(clock), at=at), at=at)
    refresh_next_due(ticket_id)


def end_wait(*, ticket_id: int, at: datetime) -> None:
    """It is our turn again."""
    for clock in open_clocks(ticket_id, Metric.RESOLUTION):
        _close_wait(clock, at)
        store(clock, arithmetic.resume(reading_of(clock), at=at), at=at)
    refresh_next_due(ticket_id)


def _close_wait(clock: Clock, at: datetime) -> None:
    Wait.objects.filter(clock=clock, ended_at=None).update(ended_at=at)


def store(clock: Clock, reading: Reading, *, at: datetime) -> None:
    """Write a reading back, with its next check; a breach not yet on record is recorded and told."""
    fresh_breach = reading.breached_at is not None and clock.breached_at is None
    if reading.state not in OPEN_STATES:
        _close_wait(clock, at)
    for name, value in values_of(reading).items():
        setattr(clock, name, value)
    if reading.state == ClockState.STOPPED:
        clock.worked = arithmetic.worked(reading, at=at)
    clock.next_check_at = next_check_of(clock, reading, _done(clock))
    clock.save()
    if fresh_breach:
        _tell_breach(clock, at=at)


def next_check_of(clock: Clock, reading: Reading, done: set[int]) -> datetime | None:
    """When the clock has to be looked at again, `done` being the shares on record."""
    rules = rules_of(clock.policy_version_id)
    return arithmetic.next_check(reading, done=done, shares=rules.shares(clock.metric), repeats=rules.repeats)


def _done(clock: Clock) -> set[int]:
    return set(clock.milestones.values_list("share", flat=True))


def _tell_breach(clock: Clock, *, at: datetime) -> None:
    """Once per clock: the milestone row is unique."""
    _row, first = Milestone.objects.get_or_create(clock=clock, share=BREACH, defaults={"at": at})
    if not first:
        return
    append([breach_entry(clock, at=at)])
    publish(MilestonesReached(hits=(hit_of(clock, BREACH),), at=at))


def breach_entry(clock: Clock, *, at: datetime) -> HistoryEntry:
    """What the history says of a breach found at `at`; not yet stored."""
    return entry(
        ticket=clock.ticket,
        at=at,
        actor=None,
        event="clock_breached",
        field=clock.metric,
        new=clock.due_at.isoformat(),
        data={"cycle": clock.cycle},
    )


def hit_of(clock: Clock, share: int) -> Hit:
    """What is told of a milestone, and to whom."""
    told = rules_of(clock.policy_version_id).told_at(clock.metric, share)
    return Hit(
        ticket_id=clock.ticket_id,
        clock_id=clock.pk,
        metric=clock.metric,
        share=share,
        due_at=clock.due_at,
        holder=told.holder,
        team=told.team,
        leads=told.leads,
    )


def refresh_next_due(ticket_id: int) -> None:
    """Keep the board's order: the earliest due moment of a running clock."""
    running = Clock.objects.filter(ticket_id=ticket_id, state=ClockState.RUNNING)
    set_next_due(ticket_id=ticket_id, due_at=running.aggregate(first=Min("due_at"))["first"])
