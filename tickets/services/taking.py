"""Taking the next ticket: the most pressing one somebody can do, and never the same one twice."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from tickets.models import Ticket
from tickets.policies import roles_in_teams
from tickets.services.transition import transition
from tickets.vocabulary import Status

# What nobody has begun. A ticket that was assigned to somebody by hand stays theirs.
WAITING = (Status.NEW, Status.ASSIGNED)


@transaction.atomic
def take_next(*, user: User, at: datetime) -> Ticket | None:
    """Give `user` the ticket of their teams that nobody holds and that falls due first; None when there is none.

    Those who ask at the same moment get one each: a ticket that is being given away is passed over.
    """
    free = Ticket.objects.filter(status__in=WAITING, assignee=None, team__in=list(roles_in_teams(user)))
    ordered = free.order_by(F("next_due_at").asc(nulls_last=True), "pk")
    found = ordered.select_for_update(skip_locked=True, of=("self",)).first()
    if found is None:
        return None
    return transition(ticket_id=found.pk, action="take", actor=user, at=at)
