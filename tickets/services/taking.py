"""Taking the next ticket: the most pressing one somebody can do, and never the same one twice."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from catalog.selectors import CHINA
from tickets.doable import doable_by
from tickets.models import Ticket
from tickets.policies import roles_in_teams
from tickets.services.errors import BeyondSkills
from tickets.services.transition import transition


@transaction.atomic
def take_next(*, user: User, at: datetime) -> Ticket | None:
    """Give `user` the ticket of their teams that nobody holds, that they can do and that falls due first.

    None when there is none. Those who ask at the same moment get one each: a ticket that is being given away is
    passed over. Raises BeyondSkills when all that wait ask for skills `user` does not have.
    """
    teams = list(roles_in_teams(user))
    free = Ticket.objects.untaken().filter(team__in=teams)
    able = doable_by(user, teams, on=at.astimezone(CHINA).date())
    ordered = free.filter(able).order_by(F("next_due_at").asc(nulls_last=True), "pk")
    found = ordered.select_for_update(skip_locked=True, of=("self",)).first()
    if found is not None:
        return transition(ticket_id=found.pk, action="take", actor=user, at=at)
    # What others are just taking is within these skills, and is no reason.
    if free.exclude(pk__in=free.filter(able).values("pk")).exists():
        raise BeyondSkills
    return None
