"""The list of tickets: the board's filters over everything, the ended included."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from tickets.filters import Filters
from tickets.ordering import BY_DUE, ORDERS, SORTS
from tickets.selectors import TicketPage
from tickets.services.bulk import MOST
from tickets.views.bulk import unfinished
from tickets.views.faces import Faces
from tickets.views.filtering import Look, Option, hidden_fields, is_narrowed, look_at, menus, saving, tabs

# The orders at hand; the heads of the columns lead to the others.
AT_HAND_SORTS = {"": _("Newest first"), BY_DUE: _("Due first"), "-updated": _("Changed lately")}
# What a column's head sorts by: at first, and when it is chosen again.
HEADS = {
    "number": ("", "number"),
    "tier": ("tier", "-tier"),
    # What falls due last nobody looks for.
    "due": (BY_DUE, ""),
    "created": ("-created", "created"),
    "updated": ("-updated", "updated"),
}
COUNT_UP_TO = 1000


@login_required
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """A page of the tickets the reader may see. Raises Http404 for a cursor that is none of ours."""
    user, at = agent(request), clock.now()
    look = look_at(request.GET, user=user, at=at, besides=("sort",))
    sort = sort_of(look.params)
    cursor = request.GET.get("after", "")
    page = _page(user, look.filters, sort, cursor)
    teams = choices.teams_of(user)
    count = selectors.count_up_to(user, look.filters, COUNT_UP_TO + 1)
    faces = Faces(user, at=at)
    shown = tabs(look, user)
    context = {
        "nav": "tickets",
        "look": look,
        "faces": faces.of_all(page.tickets),
        "next": look.link(after=page.next_cursor) if page.next_cursor else "",
        "first": look.link() if cursor else "",
        "count": min(count, COUNT_UP_TO),
        "counted_all": count <= COUNT_UP_TO,
        "tabs": shown,
        "saving": saving(look, shown, "list"),
        "sorts": _sorts(look, sort),
        "heads": _heads(look, sort),
        "by_change": sort in HEADS["updated"],
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


def sort_of(params: Mapping[str, str]) -> str:
    """The order an address asks for, by a name of tickets.ordering; what is none of them is the newest first."""
    sort = params.get("sort", "")
    return sort if sort in SORTS else ""


def _page(user: User, filters: Filters, sort: str, cursor: str) -> TicketPage:
    try:
        return selectors.ticket_page(user, filters, sort=sort, after=cursor)
    except InvalidInput:
        raise Http404 from None


def _sorts(look: Look, sort: str) -> list[Option]:
    return [Option(str(label), look.link(sort=name), name == sort) for name, label in AT_HAND_SORTS.items()]


@dataclass(frozen=True)
class Head:
    """The head of a column by which the list can be sorted: where it leads, and how it sorts now, if it does."""

    link: str
    # As aria-sort says it; empty: the list is sorted by something else.
    direction: str


def _heads(look: Look, sort: str) -> dict[str, Head]:
    found = {}
    for name, (first, again) in HEADS.items():
        chosen = sort == first or (sort == again and again != "")
        upwards = sort == BY_DUE or not ORDERS[sort].descending
        direction = ("ascending" if upwards else "descending") if chosen else ""
        found[name] = Head(look.link(sort=again if sort == first else first), direction)
    return found
