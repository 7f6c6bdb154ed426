"""Merging a ticket into another one about the same thing."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from tickets.models import Ticket
from tickets.services.mergeable import no_such_ticket
from tickets.services.transition import Inputs, transition


@transaction.atomic
def merge(*, source_id: int, into_id: int, actor: User, at: datetime, version: int | None = None) -> Ticket:
    """Let the ticket `source_id`, which the actor may see, go on in `into_id`; returns the merged one.

    Its clocks stop, no figure counts it, and what its customer writes on it is put on the other
    (`replying`). `version` is that of the source. Raises what `transition` raises.
    """
    into = Ticket.objects.visible_to(actor).filter(pk=into_id).first()
    if into is None:
        raise no_such_ticket()
    return transition(
        ticket_id=source_id, action="merge", actor=actor, at=at, version=version, inputs=Inputs(into=into)
    )
