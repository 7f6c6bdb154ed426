"""A customer's tickets, what is promised on them, and those of the organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from common import clock
from common.errors import InvalidInput
from common.htmx import HtmxRequest
from common.templatetags.desk import day
from common.text import clean_line
from knowledgebase.selectors import matching
from sla.selectors import current
from sla.vocabulary import ClockState, Metric
from tickets import own_tickets
from tickets.cursors import parse_cursor
from tickets.filters import QUERY_LENGTH, parse
from tickets.models import Ticket
from tickets.own_tickets import Lane
from tickets.selectors import TicketPage, ticket_list
from tickets.views._promise import Promise, Stage, closes_at, promise_of, stages
from tickets.vocabulary import Status

HITS_SHOWN, NEXT_SHOWN = 8, 6
LANE_NAMES = {
    "accepted": gettext_lazy("To be taken up"),
    "working": gettext_lazy("In progress"),
    "yours": gettext_lazy("Waiting for us"),
    "confirm": gettext_lazy("For us to confirm"),
}
_WHAT = {
    Metric.FIRST_RESPONSE: gettext_lazy("Answer"),
    Metric.NEXT_RESPONSE: gettext_lazy("Answer"),
    Metric.RESOLUTION: gettext_lazy("Solution"),
}


@dataclass(frozen=True)
class Card:
    """A ticket under way as its customer sees it."""

    ticket: Ticket
    promise: Promise
    stages: list[Stage]

    @property
    def asks(self) -> bool:
        """It is the customer's turn."""
        return self.promise.kind in {"confirm", "yours"}


@dataclass(frozen=True)
class NextMoment:
    """A promised moment: of what, on which ticket, and whether it has passed."""

    at: datetime
    what: str
    ticket: Ticket
    late: bool


@never_cache
@require_safe
@login_required
def portal(request: HtmxRequest) -> HttpResponse:
    """The customer's home; staff has the board. By htmx a `part` of it: `live`, `hits` or `ended`."""
    user = cast(User, request.user)
    if user.is_agent:
        return redirect("board")
    part = request.GET.get("part", "") if request.htmx else ""
    if part == "hits":
        return render(request, "tickets/_hits.html", _found(request, user))
    if part == "ended":
        return render(request, "tickets/_ended.html", {"ended": _ended(request, user), "user": user})
    context = _under_way(user, clock.now())
    if part == "live":
        return render(request, "tickets/_portal_live.html", {**context, "swapped": True})
    context |= {"nav": "portal", "ended": _ended(request, user), **_found(request, user)}
    return render(request, "tickets/portal.html", context)


def _under_way(user: User, at: datetime) -> dict[str, Any]:
    mine = own_tickets.current_of(user)
    lanes = own_tickets.lanes_of(user) if user.is_contact_manager and user.organisation_id else []
    everybody = [*mine, *(ticket for lane in lanes for ticket in lane.tickets)]
    questions = own_tickets.questions_on(everybody)
    return {
        "cards": _cards(mine, questions, at),
        "lanes": [(lane, LANE_NAMES[lane.code], _cards(lane.tickets, questions, at)) for lane in lanes],
        "lanes_count": _counted(lanes),
        "days": _days(mine, at),
    }


def _counted(lanes: Iterable[Lane]) -> int:
    return sum(lane.count for lane in lanes)


def _cards(tickets: Iterable[Ticket], questions: dict[int, str], at: datetime) -> list[Card]:
    return [
        Card(
            ticket=ticket,
            promise=promise_of(ticket, list(ticket.clocks.all()), at, question=questions.get(ticket.pk, "")),
            stages=stages(ticket),
        )
        for ticket in tickets
    ]


def _days(tickets: Iterable[Ticket], at: datetime) -> list[tuple[str, list[NextMoment]]]:
    """The promised moments to come, and those that have passed, by day."""
    moments = [moment for ticket in tickets for moment in _moments(ticket, at)]
    moments.sort(key=lambda moment: moment.at)
    return [(name, list(those)) for name, those in groupby(moments[:NEXT_SHOWN], lambda m: day(m.at))]


def _moments(ticket: Ticket, at: datetime) -> list[NextMoment]:
    closing = closes_at(ticket)
    if closing is not None:
        return [NextMoment(closing, _("Closes unless you object"), ticket, late=False)]
    if ticket.status == Status.WAITING_CUSTOMER:
        return []
    running = [each for each in current(list(ticket.clocks.all())) if each.state == ClockState.RUNNING]
    return [
        NextMoment(each.due_at, str(_WHAT[Metric(each.metric)]), ticket, late=at > each.due_at)
        for each in running
    ]


def _found(request: HtmxRequest, user: User) -> dict[str, Any]:
    """What the search finds: articles and tickets; nothing when nothing is looked for."""
    q = clean_line(request.GET.get("q", ""))[:QUERY_LENGTH]
    if not q:
        return {"q": ""}
    page = ticket_list(user, parse({"q": q}, user=user), size=HITS_SHOWN)
    return {
        "q": q,
        "found": page,
        "articles": matching(user, q, language=request.LANGUAGE_CODE, for_customers=True),
    }


def _ended(request: HtmxRequest, user: User) -> TicketPage:
    try:
        return own_tickets.ended_of(user, before=parse_cursor(request.GET.get("before", "")))
    except InvalidInput as error:
        raise Http404 from error
