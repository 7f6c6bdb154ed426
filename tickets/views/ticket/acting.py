"""Taking an action from the page: at once, or by the form it needs."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, trigger_client_event

from common import clock
from common.errors import DeskError, InvalidInput
from common.htmx import HtmxRequest
from common.text import whole_number
from tickets.forms.acting import ActionForm, label_of
from tickets.models import Ticket
from tickets.services.transition import transition
from tickets.views.refusals import status_of
from tickets.views.ticket.asking import ask, others
from tickets.views.ticket.leaving import leave
from tickets.views.ticket.page import regions
from tickets.views.ticket.reader import Reader, reader_of, still_reader
from tickets.workflow import ACTIONS, Action

# What a link to a form may propose in it.
PROPOSED = ("team", "into")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: HtmxRequest, number: str) -> HttpResponse:
    """Show the form of `action`, or take the action. Whatever is refused comes back with what was typed."""
    reader = reader_of(request, number)
    given = request.POST if request.method == "POST" else request.GET
    action = ACTIONS.get(given.get("action", ""))
    if action is None:
        raise Http404
    if request.method == "POST":
        return _take(request, reader, action)
    proposed = {name: given[name][:60] for name in PROPOSED if name in given}
    form = ActionForm(action, reader.ticket, plain=not reader.internal, initial=proposed)
    return _form(request, reader, action, form)


def _take(request: HtmxRequest, reader: Reader, action: Action) -> HttpResponse:
    form = ActionForm(action, reader.ticket, request.POST, plain=not reader.internal)
    if action not in reader.actions:
        # What was typed is shown again beside the reason, whatever the form makes of it.
        return _try(request, reader, action, form, inputs={})
    if not form.is_valid():
        return _form(request, reader, action, form, status=422)
    return _try(request, reader, action, form, inputs={"inputs": form.inputs})


def _try(
    request: HtmxRequest, reader: Reader, action: Action, form: ActionForm, *, inputs: Mapping[str, Any]
) -> HttpResponse:
    try:
        ticket = transition(
            ticket_id=reader.ticket.pk,
            action=action.code,
            actor=reader.user,
            at=clock.now(),
            version=version_of(request),
            **inputs,
        )
    except InvalidInput as error:
        form.refuse(error)
        return _form(request, reader, action, form, status=422)
    except DeskError as error:
        now = still_reader(reader.user, reader.ticket.number) or reader
        return _form(request, now, action, form, status=status_of(error), message=error.message)
    answer = done(request, reader, ticket)
    return reswap(answer, "none") if _is_in_place(request) else answer


def _is_in_place(request: HtmxRequest) -> bool:
    """Whether the form stands where the value does, beside the conversation, and not in the dialog."""
    given = request.POST if request.method == "POST" else request.GET
    return bool(request.htmx) and given.get("in") == "place"


def done(request: HtmxRequest, reader: Reader, ticket: Ticket) -> HttpResponse:
    """After a change of `ticket` that its reader made in a form: the parts of the page, or the page."""
    after = still_reader(reader.user, ticket.number)
    if after is None:
        return leave(request, ticket)
    if not request.htmx:
        return redirect(_next(request) or after.ticket)
    context = regions(after, at=clock.now(), params=request.POST) | {"oob": True}
    return trigger_client_event(render(request, "tickets/_regions.html", context), "ticket-acted")


def _next(request: HtmxRequest) -> str:
    """The page of this desk the form was asked for from, such as the board; empty: none."""
    target = (request.POST if request.method == "POST" else request.GET).get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else ""


def version_of(request: HtmxRequest) -> int:
    """What the writer saw; 0, which no ticket ever has, when the form does not say."""
    return whole_number(request.POST.get("version", ""), digits=9) or 0


def _form(
    request: HtmxRequest,
    reader: Reader,
    action: Action,
    form: ActionForm,
    *,
    status: int = 200,
    message: str = "",
) -> HttpResponse:
    return ask(
        request,
        reader,
        form,
        address=reverse("ticket-transition", args=[reader.ticket.number]),
        title=label_of(action, plain=not reader.internal),
        status=status,
        message=message,
        part="tickets/_inplace.html" if _is_in_place(request) else "tickets/_act.html",
        action=action,
        possible=action in reader.actions,
        others=others(reader) if "into" in action.requires else [],
        next=_next(request),
    )
