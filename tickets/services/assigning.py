"""Giving tickets to people where the team wants the desk to: in turn, or to whoever has least to do.

An untaken ticket of such a team is its own outbox: nothing has to be remembered at its filing, which cannot fail for
it. A worker is nudged and a sweep looks every minute, so that none is forgotten; the team's row and the ticket's are
locked, so that none is given twice and no turn is skipped.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F, Max

from accounts.models import Assignment, Team, TeamMembership, User
from catalog.selectors import CHINA, requirements
from common.errors import DeskError
from tickets.crew import rota_of
from tickets.models import Ticket
from tickets.services.transition import Inputs, transition

log = structlog.get_logger(__name__)
# As many as one look considers in a team, what falls due first before the others.
MOST = 5000


@transaction.atomic
def assign_automatically(*, ticket_id: int, at: datetime) -> User | None:
    """Give an untaken ticket of a team that assigns by itself to whoever `Rota.choose` names; who that is.

    None, and nothing is changed, when nobody can take it now, when somebody has it, or another worker is at it.
    """
    found = Ticket.objects.untaken().filter(pk=ticket_id).values_list("team", flat=True).first()
    team = _locked_team(found)
    if team is None:
        return None
    rows = Ticket.objects.untaken().filter(pk=ticket_id, team=team)
    ticket = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if ticket is None:
        return None
    asked = requirements().asked(ticket.product_id, ticket.module_id, ticket.category_id)
    chosen = rota_of(team, at=at).choose(asked, on=at.astimezone(CHINA).date())
    if chosen is None:
        return None
    person = User.objects.get(pk=chosen.id)
    inputs = Inputs(assignee=person, note=team.assignment)
    transition(ticket_id=ticket_id, action="assign", actor=None, at=at, inputs=inputs)
    _count_turn(team, person)
    return person


def _locked_team(team_id: int | None) -> Team | None:
    """The team, so that one at a time is chosen in it; tickets may refer to it meanwhile. None: not this way."""
    automatic = Team.objects.filter(pk=team_id or 0, is_active=True).exclude(assignment=Assignment.BY_HAND)
    return automatic.select_for_update(no_key=True).first()


def _count_turn(team: Team, person: User) -> None:
    last = team.memberships.aggregate(last=Max("turn"))["last"] or 0
    TeamMembership.objects.filter(team=team, user=person).update(turn=last + 1)


def assign_waiting(*, now: Callable[[], datetime]) -> int:
    """Give out what waits in every team that assigns by itself; how many tickets. Safe on many workers."""
    teams = Team.objects.filter(is_active=True).exclude(assignment=Assignment.BY_HAND)
    return sum(_give_out(team, now) for team in teams)


def _give_out(team: Team, now: Callable[[], datetime]) -> int:
    """Each ticket is first judged by the people as they stood a moment ago: most that must wait cost no query."""
    needed, given, rota = requirements(), 0, rota_of(team, at=now())
    for ticket in _waiting(team):
        at = now()
        asked = needed.asked(ticket.product_id, ticket.module_id, ticket.category_id)
        if rota.choose(asked, on=at.astimezone(CHINA).date()) is None:
            continue
        if _given(ticket, at):
            given += 1
        rota = rota_of(team, at=at)
    return given


def _waiting(team: Team) -> Iterable[Ticket]:
    shown = Ticket.objects.untaken().filter(team=team).only("product", "module", "category")
    return list(shown.order_by(F("next_due_at").asc(nulls_last=True), "pk")[:MOST])


def _given(ticket: Ticket, at: datetime) -> bool:
    """One that cannot be given keeps no other waiting: what failed is in the log."""
    try:
        return assign_automatically(ticket_id=ticket.pk, at=at) is not None
    except DeskError as error:
        log.warning("not_assigned", ticket=ticket.number, error=type(error).__name__)
    except Exception:
        log.exception("assignment_failed", ticket=ticket.number)
    return False
