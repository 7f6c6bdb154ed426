"""Whose canned replies somebody sees and may change, and which of them to offer on a ticket."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, Q, QuerySet, When

from accounts.models import Role, User
from tickets.canned import Facts, Place, Situation, ranked, situation_of
from tickets.models import CannedReply, Ticket
from tickets.models.canned import Visibility
from tickets.vocabulary import UNCOUNTED, ProductionDown, Tier

# How many a picker holds, and how far back the same symptom counts as seen before.
MOST_OFFERED = 200
LATELY = timedelta(days=90)


def replies_of(user: User) -> QuerySet[CannedReply]:
    """What `user` may use or look after: their own, their teams' (an administrator: every team's), everyone's."""
    shared = Q(visibility=Visibility.EVERYONE)
    if user.role == Role.ADMIN:
        shared |= Q(visibility=Visibility.TEAM)
    else:
        shared |= Q(visibility=Visibility.TEAM, team__in=user.memberships.values("team"))
    own = Q(visibility=Visibility.PERSONAL, owner=user)
    return CannedReply.objects.filter(own | shared).select_related("owner", "team", "product", "module")


def may_edit(user: User, reply: CannedReply, *, team_roles: Mapping[int, bool]) -> bool:
    """Whether `user` changes or deletes a reply they see; `team_roles` as of tickets.policies.roles_in_teams."""
    if reply.visibility == Visibility.PERSONAL:
        return reply.owner_id == user.pk
    if reply.visibility == Visibility.TEAM and reply.team_id is not None:
        return may_keep_for(user, reply.team_id, team_roles=team_roles)
    return user.role == Role.ADMIN


def may_keep_for(user: User, team_id: int, *, team_roles: Mapping[int, bool]) -> bool:
    """Whether `user` looks after a team's replies: who leads it, its managers, administrators."""
    if user.role == Role.ADMIN:
        return True
    return team_roles.get(team_id, False) or (user.role == Role.MANAGER and team_id in team_roles)


def offered(user: User, ticket: Ticket, *, at: datetime) -> tuple[Situation, list[CannedReply]]:
    """The ticket's situation, and what `user` may put into a reply on it, best first. Two queries."""
    situation = situation_of(_facts(ticket, at=at))
    # Should there be more than are offered, those for the situation are among them.
    fits = Case(When(situation=situation, then=0), default=1)
    found = list(replies_of(user).filter(is_active=True).order_by(fits, "-used", "pk")[:MOST_OFFERED])
    places = [Place(r.situation, r.product_id, r.module_id, r.used, r.name) for r in found]
    order = ranked(places, situation=situation, product=ticket.product_id, module=ticket.module_id)
    return situation, [found[position] for position in order]


def _facts(ticket: Ticket, *, at: datetime) -> Facts:
    category = ticket.category
    return Facts(
        production_down=ticket.production_down == ProductionDown.FULL,
        category=category.code if category else "",
        is_consultation=ticket.tier == Tier.CONSULTATION or bool(category and category.is_consultation),
        reopened=ticket.cycle > 1,
        is_follow_up=ticket.follow_up_of_id is not None,
        seen_before=_seen_before(ticket, at=at),
    )


def _seen_before(ticket: Ticket, *, at: datetime) -> bool:
    """Whether the same house reported the same kind of trouble in the same part of the same product lately."""
    if ticket.category is None or ticket.module_id is None or ticket.category.is_consultation:
        return False
    house = (
        Q(organisation=ticket.organisation_id)
        if ticket.organisation_id is not None
        else Q(requester=ticket.requester_id)
    )
    earlier = Ticket.objects.filter(
        house,
        product=ticket.product_id,
        module=ticket.module_id,
        category=ticket.category_id,
        created_at__gte=at - LATELY,
        created_at__lt=ticket.created_at,
    )
    return earlier.exclude(status__in=sorted(UNCOUNTED)).exists()
