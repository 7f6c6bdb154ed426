"""The engineers' board: the page, one card of it, and a move.

An open page fetches parts of it again: `board` answers an htmx request with the columns, or with what one cell
holds after a cursor; `card` and `move` answer with one card and the numbers around it.
"""

from http import HTTPStatus

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
from tickets.services.errors import BeyondSkills
from tickets.services.taking import take_next
from tickets.services.transition import transition
from tickets.views.board_screen import BoardScreen
from tickets.views.moving import meant
from tickets.workflow import Action

fresh = cache_control(private=True, no_cache=True)


@login_required
@require_safe
@fresh
@vary_on_headers("HX-Request")
def board(request: HtmxRequest) -> HttpResponse:
    """The board as the address describes it; to a page that shows it already, 204."""
    screen = BoardScreen(agent(request), request.GET, at=clock.now())
    if not request.htmx:
        return render(request, "tickets/board.html", screen.page())
    if "after" in request.GET:
        return render(request, "tickets/desk/_cards.html", screen.further())
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
    return redirect(taken)


@login_required
@require_POST
def move(request: HttpRequest, number: str) -> HttpResponse:
    """A card was put into another column. 422 asks for what the step needs; 409 and 403 say why it is refused."""
    user = agent(request)
    ticket = _visible(user, number)
    screen = BoardScreen(user, request.GET, at=clock.now())
    try:
        to, version = request.POST.get("to", ""), request.POST.get("version", "")
        action = meant(user, ticket, to=to, version=version)
        form = ActionForm(action, ticket, _filled_in(action, request.POST))
        if not _taken(action, ticket, form, screen):
            context = {"ticket": ticket, "action": action, "form": form, "to": to}
            return render(
                request, "tickets/desk/_move_form.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
    except DeskError as error:
        status = HTTPStatus.FORBIDDEN if isinstance(error, NotAllowed) else HTTPStatus.CONFLICT
        context = screen.answer(ticket) | {"message": error.message}
        return render(request, "tickets/desk/_answer.html", context, status=status)
    return render(request, "tickets/desk/_answer.html", screen.answer(ticket))


def _filled_in(action: Action, sent: QueryDict) -> QueryDict | None:
    """What was sent, once it names an input of the action: a drop alone names none."""
    return sent if any(name in sent for name in action.requires) else None


def _taken(action: Action, ticket: Ticket, form: ActionForm, screen: BoardScreen) -> bool:
    """Whether the step was taken; if not, the form says what is missing."""
    if action.requires and not form.is_valid():
        return False
    try:
        transition(
            ticket_id=ticket.pk,
            action=action.code,
            actor=screen.user,
            at=screen.at,
            version=ticket.version,
            inputs=form.inputs if action.requires else None,
        )
    except InvalidInput as error:
        form.refuse(error)
        return False
    return True


def _visible(user: User, number: str) -> Ticket:
    ticket = Ticket.objects.visible_to(user).numbered(number).first()
    if ticket is None:
        raise Http404
    return ticket
