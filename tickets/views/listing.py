"""The list of tickets: the board's filters over everything, the ended included."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import agent
from accounts.models import User
from common import clock
from common.errors import InvalidInput
from tickets import choices, selectors
from tickets.bulk_verbs import AT_HAND, VERBS
from tickets.cursors import DueCursor, parse_cursor
from tickets.filters import Filters
from tickets.selectors import TicketPage
from tickets.services.bulk import MOST
from tickets.views.bulk import unfinished
from tickets.views.faces import Faces
from tickets.views.filtering import Look, Option, hidden_fields, is_narrowed, look_at, menus, tabs

SORTS = {"": _("Newest first"), "due": _("Due first")}
COUNT_UP_TO = 1000


@login_required
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """A page of the tickets the reader may see. Raises Http404 for a cursor that is none of ours."""
    user, at = agent(request), clock.now()
    look = look_at(request.GET, user=user, at=at, besides=("sort",))
    sort = look.params.get("sort", "")
    sort = sort if sort in SORTS else ""
    cursor = request.GET.get("after", "")
    page = _page(user, look.filters, sort, cursor)
    teams = choices.teams_of(user)
    count = selectors.count_up_to(user, look.filters, COUNT_UP_TO + 1)
    faces = Faces(user, at=at)
    context = {
        "nav": "tickets",
        "look": look,
        "furniture": faces.furniture,
        "faces": faces.of_all(page.tickets),
        "next": look.link(after=page.next_cursor) if page.next_cursor else "",
        "first": look.link() if cursor else "",
        "count": min(count, COUNT_UP_TO),
        "counted_all": count <= COUNT_UP_TO,
        "tabs": tabs(look),
        "sorts": _sorts(look, sort),
        "menus": menus(look, user, teams=teams, people=choices.colleagues(teams), with_status=True),
        "file_query": look.link(),
        "hidden_fields": hidden_fields(look),
        "is_narrowed": is_narrowed(look),
        **_bulk(user, count),
    }
    return render(request, "tickets/list.html", context)


def _bulk(user: User, count: int) -> dict[str, Any]:
    """What the bar above the list shows: what can be done with many, and what was begun and left. One query."""
    return {
        "at_hand": [VERBS[code] for code in AT_HAND],
        "further_verbs": [verb for code, verb in VERBS.items() if code not in AT_HAND],
        "match_count": min(count, MOST),
        "too_many": count > MOST,
        "unfinished": unfinished(user),
    }


def _page(user: User, filters: Filters, sort: str, cursor: str) -> TicketPage:
    try:
        if sort == "due":
            return selectors.ticket_list_by_due(user, filters, after=DueCursor.parse(cursor))
        return selectors.ticket_list(user, filters, before=parse_cursor(cursor), shape=selectors.as_cards)
    except InvalidInput:
        raise Http404 from None


def _sorts(look: Look, sort: str) -> list[Option]:
    return [Option(str(label), look.link(sort=name), name == sort) for name, label in SORTS.items()]
