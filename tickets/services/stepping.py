"""What comes before a step somebody takes on a ticket: the reply of theirs that has not left yet."""

from datetime import datetime

from accounts.models import User
from common.events import publish
from tickets.events import StepAhead
from tickets.models import HeldReply, Ticket


def let_held_leave(*, ticket: Ticket, actor: User | None, at: datetime) -> None:
    """Let what `actor` holds on the locked ticket leave first, so that no step overtakes it.

    `ticket` is then as that has left it. Raises what refuses the reply; the step is refused with it.
    """
    if actor is None or not HeldReply.objects.filter(ticket=ticket, author=actor).exists():
        return
    publish(StepAhead(ticket_id=ticket.pk, at=at, actor_id=actor.pk))
    ticket.refresh_from_db()
