"""Aiming open clocks at another promise: the ticket's tier changed, or an admin edited a target."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from sla import clock as arithmetic
from sla.models import Clock, Target
from sla.services.keeping import OPEN_STATES, open_clocks, reading_of, refresh_next_due, store
from sla.vocabulary import MilestoneKind
from tickets.models import Ticket
from tickets.services.history import record


def follow_tier(*, ticket_id: int, tier: str, at: datetime) -> None:
    """Aim the ticket's open clocks at the promises of `tier`. Called while the ticket's row is locked."""
    targets = {target.metric: target for target in Target.objects.filter(tier=tier)}
    for clock in open_clocks(ticket_id):
        if clock.metric in targets:
            _aim(clock, targets[clock.metric], at)
    refresh_next_due(ticket_id)


def follow_target(*, target_id: int, at: datetime) -> int:
    """Recalculate the open clocks of an edited target, a ticket a transaction; how many clocks changed."""
    target = Target.objects.get(pk=target_id)
    return sum(_follow_on_ticket(ticket_id, target, at) for ticket_id in _tickets_of(target))


def _tickets_of(target: Target) -> Iterator[int]:
    clocks = Clock.objects.filter(tier=target.tier, metric=target.metric, state__in=OPEN_STATES)
    return clocks.exclude(within=target.within).values_list("ticket_id", flat=True).distinct().iterator()


@transaction.atomic
def _follow_on_ticket(ticket_id: int, target: Target, at: datetime) -> int:
    Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    changed = 0
    for clock in open_clocks(ticket_id, target.metric):
        if clock.tier == target.tier:
            changed += _aim(clock, target, at)
    refresh_next_due(ticket_id)
    return changed


def _aim(clock: Clock, target: Target, at: datetime) -> bool:
    """Whether the clock has a new promise: one that is broken keeps the promise it broke."""
    reading = arithmetic.retarget(reading_of(clock), within=target.within, at=at)
    if reading.breached_at is not None:
        store(clock, reading, at=at)
        return False
    before = clock.due_at
    counted = reading.started_at + reading.within + reading.paused_for
    clock.tier = target.tier
    # The warnings of the old promise say nothing about the new one.
    clock.milestones.exclude(kind=MilestoneKind.BREACH).delete()
    store(clock, reading, at=at)
    record(
        ticket=clock.ticket,
        at=at,
        actor=None,
        event="clock_retargeted",
        field=clock.metric,
        old=before.isoformat(),
        new=clock.due_at.isoformat(),
        data={"tier": target.tier, "cycle": clock.cycle, "grace": clock.due_at > counted},
    )
    return True
