"""Keeping what somebody looks at under a name."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Team, User
from common.errors import InvalidInput, NotAllowed
from common.text import clean_line
from tickets import choices
from tickets.models import SavedView
from tickets.models.saved_view import NAME_LENGTH
from tickets.saved_views import allowed, may_edit, views_of

MOST_VIEWS = 20
LAST_PLACE = 99


@transaction.atomic
def save_view(*, owner: User, name: str, params: Mapping[str, str], team: Team | None) -> SavedView:
    """Keep the filters in `params` for `owner`, and for `team` if one is given, behind the views they have.

    Raises InvalidInput: without a name or filters, for a team that is not theirs, and for a 21st view.
    """
    _hold(owner.pk)
    own = SavedView.objects.filter(owner=owner)
    kept = allowed(params, owner)
    if not kept:
        raise InvalidInput({"name": [_("Set a filter first: a view without one shows everything.")]})
    if own.count() >= MOST_VIEWS:
        raise InvalidInput({"name": [_("At most %(count)d views each, please.") % {"count": MOST_VIEWS}]})
    _check_team(owner, team)
    name = _checked(name, own)
    last = own.aggregate(last=Max("position"))["last"] or 0
    position = min(last + 1, LAST_PLACE)
    return SavedView.objects.create(owner=owner, name=name, params=kept, team=team, position=position)


@transaction.atomic
def change_view(*, view_id: int, actor: User, name: str, team: Team | None, position: int) -> SavedView:
    """Rename a view `actor` sees, share it with `team` (None: no longer), give it its place from 0 to 99.

    Raises NotAllowed or InvalidInput.
    """
    view = _held(view_id, actor)
    _hold(view.owner_id)
    if (team.pk if team else None) != view.team_id:
        _check_team(actor, team)
    others = SavedView.objects.filter(owner=view.owner_id).exclude(pk=view.pk)
    view.name, view.team = _checked(name, others), team
    view.position = max(0, min(position, LAST_PLACE))
    view.save(update_fields=["name", "team", "position"])
    return view


@transaction.atomic
def delete_view(*, view_id: int, actor: User) -> None:
    """Do away with a view `actor` sees. Raises NotAllowed."""
    _held(view_id, actor).delete()


def _hold(owner_id: int) -> None:
    """Let nobody else count or name the owner's views meanwhile."""
    User.objects.select_for_update().only("pk").get(pk=owner_id)


def _held(view_id: int, actor: User) -> SavedView:
    view = views_of(actor).select_for_update(of=("self",)).get(pk=view_id)
    if not may_edit(actor, view):
        raise NotAllowed(_("Only its owner, or who leads the team, may change this view."))
    return view


def _checked(name: str, others: QuerySet[SavedView]) -> str:
    name = clean_line(name)
    if not name:
        raise InvalidInput({"name": [_("Give the view a name.")]})
    if len(name) > NAME_LENGTH:
        raise InvalidInput({"name": [_("At most %(count)d characters, please.") % {"count": NAME_LENGTH}]})
    if others.filter(name=name).exists():
        raise InvalidInput({"name": [_("There is a view of this name already.")]})
    return name


def _check_team(user: User, team: Team | None) -> None:
    if team is not None and team not in choices.teams_of(user):
        raise InvalidInput({"team": [_("Choose one of your own teams.")]})
