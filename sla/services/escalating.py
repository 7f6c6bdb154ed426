"""What a policy does to a ticket whose promise is in danger. It goes the way of everybody: the transition service."""

from datetime import datetime

from accounts.models import User
from accounts.selectors import on_duty
from sla.vocabulary import Escalation
from tickets.models import Ticket
from tickets.services.transition import Inputs, transition
from tickets.triage import HIGHER
from tickets.vocabulary import OPEN, Tier

# A note that is ours and not a person's words is a code; screens put it in the reader's language.
ESCALATED = "escalated"


def escalate(*, ticket_id: int, action: str, share: int, at: datetime) -> None:
    """Do `action` (a code of `Escalation`) to an open ticket; nothing where it leads nowhere. Locked by the caller."""
    ticket = Ticket.objects.get(pk=ticket_id)
    if ticket.status not in OPEN:
        return
    if action == Escalation.RAISE_TIER:
        _raise_tier(ticket, at)
    elif action == Escalation.REASSIGN:
        _reassign(ticket, at)


def _raise_tier(ticket: Ticket, at: datetime) -> None:
    higher = HIGHER.get(Tier(ticket.tier))
    if higher is not None:
        transition(
            ticket_id=ticket.pk,
            action="set_tier",
            actor=None,
            at=at,
            inputs=Inputs(tier=higher, note=ESCALATED),
        )


def _reassign(ticket: Ticket, at: datetime) -> None:
    person: User | None = on_duty(ticket.team_id, at) if ticket.team_id else None
    if person is not None and person.pk != ticket.assignee_id:
        transition(
            ticket_id=ticket.pk,
            action="assign",
            actor=None,
            at=at,
            inputs=Inputs(assignee=person, note=ESCALATED),
        )
