"""Working off edits of policies and calendars: the open clocks of a few tickets a transaction."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from sla.clock import OPEN_STATES
from sla.models import Clock, Recalculation
from sla.services.following import follow
from sla.services.rules import Rulebook
from tickets.live import announce_tickets
from tickets.models import Ticket

STEP = 100


def work_off(*, at: datetime) -> int:
    """Work off every pending recalculation, the oldest first; how many clocks changed. Safe on many workers."""
    changed = 0
    while (step := _work_off_step(at)) is not None:
        changed += step
    return changed


@transaction.atomic
def _work_off_step(at: datetime) -> int | None:
    """The next few tickets of the oldest recalculation nobody has in hand; None when there is nothing to do."""
    pending = Recalculation.objects.select_for_update(skip_locked=True).filter(finished_at=None)
    job = pending.order_by("pk").first()
    if job is None:
        return None
    if not job.total:
        job.total = _tickets(job).count()
    ids = list(_tickets(job)[:STEP])
    # The rows are locked in the order of their ids, and all before the rules are read: none is done by old ones.
    tickets = Ticket.objects.select_for_update(of=("self",)).select_related("organisation").order_by("pk")
    locked = list(tickets.filter(pk__in=ids))
    rulebook = Rulebook(writing=True)
    moved = {ticket.pk: follow(ticket=ticket, at=at, why="rules", rulebook=rulebook) for ticket in locked}
    announce_tickets([ticket for ticket in locked if moved[ticket.pk]], what="clock")
    job.done += len(ids)
    job.changed += sum(moved.values())
    if len(ids) < STEP:
        job.finished_at = at
    else:
        job.after = ids[-1]
    job.save()
    return sum(moved.values())


def _tickets(job: Recalculation) -> QuerySet[Clock, int]:
    """The tickets still to be done, by id."""
    clocks = Clock.objects.filter(state__in=OPEN_STATES, ticket__gt=job.after)
    if job.calendar_id is not None:
        clocks = clocks.filter(calendar_version__calendar=job.calendar_id)
    return clocks.order_by("ticket_id").values_list("ticket_id", flat=True).distinct()
