"""Whose saved views somebody sees and may change, and what a view may say."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from accounts.models import Role, User
from tickets.filters import QUERY_LENGTH, parse
from tickets.models import SavedView
from tickets.ordering import SORTS
from tickets.policies import roles_in_teams
from tickets.vocabulary import Lanes

# The views that stand there for everybody: tickets.views.filtering names them.
BUILT_IN = frozenset({"mine", "unassigned", "today"})


def allowed(params: Mapping[str, str], user: User) -> dict[str, str]:
    """Of `params` what board and list read in their addresses; the rest is left out. No query."""
    others = {"view": BUILT_IN, "sort": SORTS - {""}, "lanes": frozenset(Lanes.values)}
    kept = {name: params[name] for name, known in others.items() if params.get(name) in known}
    # Any words may be searched for; to read them as a condition would ask the database, for each tab of a page.
    words = str(params.get("q") or "").strip()[:QUERY_LENGTH]
    read = parse({name: str(value) for name, value in params.items() if name != "q"}, user=user).given
    return {**read, **({"q": words} if words else {}), **kept}


def views_of(user: User) -> QuerySet[SavedView]:
    """The views `user` has saved, and those shared with a team of theirs, in order."""
    shared = Q(team__in=user.memberships.values("team"))
    return SavedView.objects.filter(Q(owner=user) | shared).select_related("owner", "team")


def may_edit(user: User, view: SavedView, *, team_roles: Mapping[int, bool] | None = None) -> bool:
    """Its owner may, and who leads the team it is shared with.

    `team_roles` maps the user's team ids to whether they lead them; given by callers that ask for many views, else
    read with one query.
    """
    if view.owner_id == user.pk:
        return True
    if view.team_id is None or user.role != Role.MANAGER:
        return False
    roles = team_roles if team_roles is not None else roles_in_teams(user)
    return roles.get(view.team_id, False)
