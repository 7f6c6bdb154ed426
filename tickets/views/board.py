"""The engineers' board: the page, one card of it, and a move.

An open page fetches parts of it again: `board` answers an htmx request with the columns, with a lane, or with what
one cell holds after a cursor; `card` and `move` answer with one card and the numbers around it.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import agent
from accounts.models import User
from common import clock
from common.errors import DeskError, InvalidInput, NotAllowed
from common.htmx import HtmxRequest
from tickets.forms.acting import ActionForm
from tickets.models import Ticket
from tickets.services.carrying import carry
from tickets.services.describing import describe
from tickets.services.errors import BeyondSkills
from tickets.services.taking import take_next
from tickets.views.board_screen import BoardScreen
from tickets.views.lanes import FOLDED_COOKIE
from tickets.views.moving import Drop, NoSuchMove, Plan, meant

fresh = cache_control(private=True, no_cache=True)


@login_required
@require_safe
@fresh
@vary_on_headers("HX-Request")
def board(request: HtmxRequest) -> HttpResponse:
    """The board as the address describes it; to a page that shows it already, 204."""
    folded = request.COOKIES.get(FOLDED_COOKIE, "")
    screen = BoardScreen(agent(request), request.GET, at=clock.now(), folded=folded)
    if not request.htmx:
        return render(request, "tickets/board.html", screen.page())
    if "after" in request.GET:
        return render(request, "tickets/desk/_cards.html", screen.further())
    if "lane" in request.GET:
        return render(request, "tickets/desk/_lane.html", screen.one_lane())
    if request.GET.get("stamp") == screen.stamp:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "tickets/desk/_board.html", screen.columns())


@login_required
@require_safe
@fresh
def card(request: HttpRequest, number: str) -> HttpResponse:
    """One card and the numbers, for a page that heard of a change; no card if it is not on this board."""
    user = agent(request)
    ticket = _visible(user, number)
    screen = BoardScreen(user, request.GET, at=clock.now())
    return render(request, "tickets/desk/_answer.html", screen.answer(ticket, mover=True))


@login_required
@require_POST
def next_ticket(request: HttpRequest) -> HttpResponse:
    """Take the most pressing ticket nobody holds, and open it; back to the board when there is none for them."""
    try:
        taken = take_next(user=agent(request), at=clock.now())
    except BeyondSkills as error:
        messages.info(request, error.message)
        return redirect("board")
    if taken is None:
        messages.info(request, _("Nobody in your teams waits to be taken. Well done."))
        return redirect("board")
    messages.success(
        request, _("You took %(number)s: %(subject)s") % {"number": taken.number, "subject": taken.subject}
    )
    return redirect(taken)


@login_required
@require_POST
def move(request: HttpRequest, number: str) -> HttpResponse:
    """A card was put somewhere else. 422 asks for what the step needs; 409 and 403 say why it is refused."""
    user = agent(request)
    ticket = _visible(user, number)
    screen = BoardScreen(user, request.GET, at=clock.now())
    drop = Drop.read(request.POST.dict(), screen.by)
    try:
        plan = meant(user, ticket, drop)
        form = _form(plan, ticket, request.POST)
        if not _taken(plan, ticket, form, screen):
            context = {"ticket": ticket, "action": plan.asking, "form": form, "drop": drop}
            return render(
                request, "tickets/desk/_move_form.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
    except DeskError as error:
        status = HTTPStatus.FORBIDDEN if isinstance(error, NotAllowed) else HTTPStatus.CONFLICT
        context = screen.answer(ticket) | {"message": error.message}
        return render(request, "tickets/desk/_answer.html", context, status=status)
    return render(request, "tickets/desk/_answer.html", screen.answer(ticket))


def _form(plan: Plan, ticket: Ticket, sent: QueryDict) -> ActionForm | None:
    """The form of what is asked, filled in once an input of it was sent: a drop alone names none."""
    action = plan.asking
    if action is None:
        return None
    filled_in = sent if any(name in sent for name in action.requires) else None
    return ActionForm(action, ticket, filled_in, initial=plan.initial)


def _taken(plan: Plan, ticket: Ticket, form: ActionForm | None, screen: BoardScreen) -> bool:
    """Whether the steps were taken; if not, the form says what is missing."""
    if form is not None and not form.is_valid():
        return False
    inputs = form.inputs if form is not None else None
    steps = [replace(step, inputs=inputs) if step.inputs is None else step for step in plan.steps]
    about: dict[str, Any] = {
        "ticket_id": ticket.pk,
        "actor": screen.user,
        "at": screen.at,
        "version": ticket.version,
    }
    try:
        if plan.changes:
            describe(changes=plan.changes, **about)
        else:
            carry(steps=steps, **about)
    except InvalidInput as error:
        if form is None:
            # Nothing was typed that could be put right: the card springs back.
            raise NoSuchMove(
                " ".join(str(text) for texts in error.fields.values() for text in texts)
            ) from None
        form.refuse(error)
        return False
    return True


def _visible(user: User, number: str) -> Ticket:
    ticket = Ticket.objects.visible_to(user).numbered(number).first()
    if ticket is None:
        raise Http404
    return ticket
