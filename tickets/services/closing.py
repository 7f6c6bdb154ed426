"""Closing what the customer has not answered."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from tickets.models import Message, MessageKind, Ticket
from tickets.querysets import TicketQuerySet
from tickets.services.transition import transition
from tickets.vocabulary import Status

log = structlog.get_logger(__name__)
BATCH = 200


def close_silent(*, at: datetime) -> int:
    """Close the tickets resolved for longer than the setting without a word from the customer; how many.

    Each in a transaction of its own; rows another worker holds are left to it. One that cannot be closed is
    logged and left for the next time; the others go on.
    """
    closed = last = 0
    while ids := list(_silent(at).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for ticket_id in ids:
            try:
                closed += _close_one(ticket_id, at)
            except Exception:
                log.exception("ticket_not_closed", ticket=ticket_id)
        last = ids[-1]
    return closed


def _silent(at: datetime) -> TicketQuerySet:
    cutoff = at - settings.AUTO_CLOSE_AFTER
    word = Message.objects.filter(
        ticket=OuterRef("pk"), kind=MessageKind.PUBLIC, by_staff=False, at__gt=cutoff
    )
    return Ticket.objects.filter(status=Status.RESOLVED, resolved_at__lte=cutoff).exclude(Exists(word))


@transaction.atomic
def _close_one(ticket_id: int, at: datetime) -> int:
    held = Ticket.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=ticket_id).first()
    # Asked again now that nobody else can write on it: the customer's word may have come meanwhile.
    if held is None or not _silent(at).filter(pk=ticket_id).exists():
        return 0
    transition(ticket_id=ticket_id, action="close", actor=None, at=at)
    return 1
