"""The promises of an imported ticket: reckoned with our targets, judged by the source where it judged."""

from dataclasses import replace
from datetime import datetime, timedelta

from imports.records import TicketRecord
from sla import clock as arithmetic
from sla.clock import Reading
from sla.models import Clock
from sla.services.keeping import values_of
from sla.vocabulary import ClockState, Metric
from tickets.models import Ticket
from tickets.vocabulary import UNCOUNTED

Targets = dict[tuple[str, str], timedelta]


def clocks_of(ticket: Ticket, record: TicketRecord, targets: Targets, *, at: datetime) -> list[Clock]:
    """The ticket's clocks as they stand at `at`; none for a metric without a target, none not saved."""
    found = []
    for metric, reading in (
        (Metric.FIRST_RESPONSE, _first_response(record, targets)),
        (Metric.RESOLUTION, _resolution(record, targets)),
    ):
        if reading is not None:
            found.append(_stored(ticket, metric, _counted(record, reading), at))
    return found


def _first_response(record: TicketRecord, targets: Targets) -> Reading | None:
    within = targets.get((Metric.FIRST_RESPONSE, record.tier))
    if within is None:
        return None
    reading = arithmetic.start(within=within, at=record.opened_at)
    if record.first_responded_at is not None:
        return arithmetic.stop(reading, at=record.first_responded_at)
    # Work ended without an answer: the promise is judged by that moment.
    return arithmetic.stop(reading, at=record.ended_at) if record.ended_at else reading


def _resolution(record: TicketRecord, targets: Targets) -> Reading | None:
    within = targets.get((Metric.RESOLUTION, record.tier))
    if within is None:
        return None
    start = arithmetic.start(within=within, at=record.opened_at)
    reading = replace(start, paused_for=record.paused_for, due_at=start.due_at + record.paused_for)
    if record.ended_at is None:
        return arithmetic.pause(reading, at=record.paused_at) if record.paused_at else reading
    ended = arithmetic.stop(reading, at=record.ended_at)
    return ended if record.met is None else _as_judged(ended, record.ended_at, met=record.met)


def _as_judged(reading: Reading, ended_at: datetime, *, met: bool) -> Reading:
    """The source's verdict counts. Where our due moment would contradict it, it is the end of the clock."""
    if met:
        return replace(reading, due_at=max(reading.due_at, ended_at), breached_at=None)
    due = min(reading.due_at, ended_at)
    return replace(reading, due_at=due, breached_at=due)


def _counted(record: TicketRecord, reading: Reading) -> Reading:
    return arithmetic.cancel(reading) if record.status in UNCOUNTED else reading


def _stored(ticket: Ticket, metric: str, reading: Reading, at: datetime) -> Clock:
    """What is past by now is on record and told to nobody; what is still to come is watched."""
    if reading.state == ClockState.RUNNING:
        reading = arithmetic.judge(reading, at=at)
    passed = set(arithmetic.reached(reading, at=at))
    return Clock(
        ticket=ticket,
        metric=metric,
        cycle=1,
        tier=ticket.tier,
        worked=arithmetic.worked(reading, at=at) if reading.state == ClockState.STOPPED else None,
        next_check_at=arithmetic.next_check(reading, done=passed),
        **values_of(reading),
    )
