"""Closing what the customer has not answered."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from tickets.models import Message, MessageKind, Ticket
from tickets.services.transition import transition
from tickets.vocabulary import Status

BATCH = 200


def close_silent(*, at: datetime) -> int:
    """Close the tickets resolved for longer than the setting without a word from the customer; how many.

    Each in a transaction of its own; rows another worker holds are left to it.
    """
    closed = 0
    for ticket_id in _silent(at):
        closed += _close_one(ticket_id, at)
    return closed


def _silent(at: datetime) -> list[int]:
    cutoff = at - settings.AUTO_CLOSE_AFTER
    word = Message.objects.filter(
        ticket=OuterRef("pk"), kind=MessageKind.PUBLIC, by_staff=False, at__gt=cutoff
    )
    due = Ticket.objects.filter(status=Status.RESOLVED, resolved_at__lte=cutoff).exclude(Exists(word))
    return list(due.order_by("resolved_at").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _close_one(ticket_id: int, at: datetime) -> int:
    held = (
        Ticket.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=ticket_id, status=Status.RESOLVED, resolved_at__lte=at - settings.AUTO_CLOSE_AFTER)
        .first()
    )
    if held is None:
        return 0
    transition(ticket_id=ticket_id, action="close", actor=None, at=at)
    return 1
