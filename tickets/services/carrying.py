"""Several steps on one ticket as one: a card carried to another column and another person at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from tickets.models import Ticket
from tickets.services.transition import Inputs, transition


@dataclass(frozen=True)
class Step:
    """An action of the workflow table, and what it is given; None: it is still to be asked, or needs nothing."""

    action: str
    inputs: Inputs | None = None


@transaction.atomic
def carry(*, ticket_id: int, steps: Sequence[Step], actor: User, at: datetime, version: int) -> Ticket:
    """Take all `steps`, at least one, or none of them; `version` is what the actor saw before the first.

    Each leaves its own history and events. Raises what a transition raises.
    """
    first, *others = steps
    ticket = transition(
        ticket_id=ticket_id, action=first.action, actor=actor, at=at, version=version, inputs=first.inputs
    )
    for step in others:
        ticket = transition(
            ticket_id=ticket_id,
            action=step.action,
            actor=actor,
            at=at,
            version=ticket.version,
            inputs=step.inputs,
        )
    return ticket
