"""Answering a customer and waiting for them, as one change."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from tickets.services.replying import Reply, reply
from tickets.services.transition import transition


@transaction.atomic
def reply_and_wait(*, ticket_id: int, author: User, at: datetime, **more: Any) -> Reply:
    """Write a public message and wait for the customer: both or neither. Takes what `reply` takes.

    A repeated call changes nothing, as with `reply`. Raises what `reply` and `transition` raise.
    """
    written = reply(ticket_id=ticket_id, author=author, at=at, public=True, **more)
    if written.repeated:
        return written
    after = transition(ticket_id=ticket_id, action="wait_customer", actor=author, at=at)
    return Reply(ticket=after, message=written.message)
