"""The sweep: what has fallen due is found in Postgres and done once, by however many workers look."""

from datetime import datetime

import structlog
from django.db import transaction

from common.events import publish
from sla import clock as arithmetic
from sla.events import ClockWarned
from sla.models import Clock, Milestone
from sla.services.keeping import reading_of, refresh_next_due, store
from sla.vocabulary import MilestoneKind
from tickets.live import announce_ticket

log = structlog.get_logger(__name__)
BATCH = 50


def sweep(*, at: datetime, batch: int = BATCH) -> int:
    """Enforce every clock whose next check is due at `at`; how many. Bounded batches until none are left.

    A clock that cannot be enforced is logged and left for the next sweep; the others go on.
    """
    done = 0
    broken: set[int] = set()
    while True:
        taken, failed = _sweep_batch(at, batch, broken)
        broken |= failed
        done += taken - len(failed)
        if taken < batch:
            return done


@transaction.atomic
def _sweep_batch(at: datetime, size: int, broken: set[int]) -> tuple[int, set[int]]:
    # The ticket's row is claimed too: whoever changes a ticket locks it before its clocks.
    due = (
        Clock.objects.select_for_update(skip_locked=True, of=("self", "ticket"), no_key=True)
        .filter(next_check_at__lte=at)
        .exclude(pk__in=broken)
        .select_related("ticket")
        .order_by("next_check_at")[:size]
    )
    clocks, failed = list(due), set()
    for clock in clocks:
        try:
            with transaction.atomic():
                _enforce(clock, at)
        except Exception:
            log.exception("clock_not_enforced", clock=clock.pk)
            failed.add(clock.pk)
    return len(clocks), failed


def _enforce(clock: Clock, at: datetime) -> None:
    reading = reading_of(clock)
    passed = arithmetic.reached(reading, at=at)
    fresh = _record_warnings(clock, [kind for kind in passed if kind != MilestoneKind.BREACH], at)
    store(clock, arithmetic.judge(reading, at=at), at=at)
    if fresh and not clock.breached:
        # Late past two warnings, the weightier one is told.
        publish(
            ClockWarned(
                ticket_id=clock.ticket_id,
                clock_id=clock.pk,
                metric=clock.metric,
                milestone=fresh[-1],
                due_at=clock.due_at,
                at=at,
            )
        )
    refresh_next_due(clock.ticket_id)
    announce_ticket(clock.ticket, what="clock")


def _record_warnings(clock: Clock, passed: list[MilestoneKind], at: datetime) -> list[MilestoneKind]:
    """Write down the warnings not yet on record; which these are."""
    known = set(clock.milestones.values_list("kind", flat=True))
    fresh = [kind for kind in passed if kind not in known]
    Milestone.objects.bulk_create([Milestone(clock=clock, kind=kind, at=at) for kind in fresh])
    return fresh
