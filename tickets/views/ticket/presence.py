"""Who else of the staff looks at a ticket or writes on it just now. Customers learn nothing of it and are not in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.models import User
from common.presence import Away, enter, leave, present
from tickets import policies
from tickets.live import announce_presence
from tickets.models import Ticket
from tickets.workflow import Party

# What somebody does, the most telling first.
REPLY, NOTE, LOOK = "reply", "note", "look"
DOING = (REPLY, NOTE, LOOK)
GONE = "gone"
A_PAGE = re.compile(r"[0-9a-z]{1,24}")
UNKNOWN = 204


@dataclass(frozen=True)
class Other:
    """A colleague on the same ticket, and what they do (`REPLY`, `NOTE` or `LOOK`)."""

    user: User
    doing: str


@require_POST
@login_required
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Note what the reader does on a page of theirs, and show the others; 204 if that cannot be known.

    `page` names the page, `doing` is a word of `DOING` or `GONE`. The other pages hear only of what is new.
    """
    user = cast(User, request.user)
    ticket = Ticket.objects.visible_to(user).numbered(number).only("team_id", "requester_id").first()
    if ticket is None or Party.AGENT not in policies.parties(user, ticket):
        raise Http404
    page, doing = request.POST.get("page", ""), request.POST.get("doing", "")
    if not A_PAGE.fullmatch(page) or doing not in {*DOING, GONE}:
        return HttpResponse(status=UNKNOWN)
    try:
        if _note(ticket, user, page, doing):
            announce_presence(ticket)
        found = present(_room(ticket))
    except Away:
        return HttpResponse(status=UNKNOWN)
    return render(request, "tickets/_presence.html", {"others": _others(found, but=user)})


def _room(ticket: Ticket) -> str:
    return f"ticket:{ticket.pk}"


def _note(ticket: Ticket, user: User, page: str, doing: str) -> bool:
    if doing == GONE:
        return leave(_room(ticket), who=user.pk, page=page)
    return enter(_room(ticket), who=user.pk, page=page, doing=doing)


def _others(found: Mapping[int, set[str]], *, but: User) -> list[Other]:
    """Who writes a reply, then who writes a note, then who looks; by name."""
    users = User.objects.in_bulk([pk for pk in found if pk != but.pk])
    others = [
        Other(user, next((doing for doing in DOING if doing in found[pk]), LOOK))
        for pk, user in users.items()
    ]
    return sorted(others, key=lambda other: (DOING.index(other.doing), other.user.name))
