"""Putting one property of a ticket right where it stands on the page; without scripts, on a page of its own."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap

from common import clock
from common.errors import DeskError, InvalidInput
from common.htmx import HtmxRequest
from tickets import choices
from tickets.forms.describing import PROPERTIES, TITLES, PropertyForm, present
from tickets.models import Ticket
from tickets.services.describing import describe
from tickets.services.tagging import set_tags
from tickets.views.refusals import status_of
from tickets.views.ticket.acting import done, version_of
from tickets.views.ticket.asking import ask
from tickets.views.ticket.reader import Reader, reader_of, still_reader


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def prop(request: HtmxRequest, number: str, name: str) -> HttpResponse:
    """Show the form of a property, or take it. Whatever is refused comes back with what was typed."""
    reader = reader_of(request, number)
    if not reader.internal or name not in PROPERTIES:
        raise Http404
    if request.method != "POST":
        return _form(request, reader, name, PropertyForm(name, reader.ticket))
    form = PropertyForm(name, reader.ticket, request.POST)
    if not form.is_valid():
        return _form(request, reader, name, form, status=422)
    try:
        ticket = _store(request, reader, form)
    except InvalidInput as error:
        form.refuse(error)
        return _form(request, reader, name, form, status=422)
    except DeskError as error:
        now = still_reader(reader.user, reader.ticket.number) or reader
        return _form(request, now, name, form, status=status_of(error), message=error.message)
    return reswap(done(request, reader, ticket), "none")


def _store(request: HtmxRequest, reader: Reader, form: PropertyForm) -> Ticket:
    said = form.changes
    shared: dict[str, Any] = {
        "ticket_id": reader.ticket.pk,
        "actor": reader.user,
        "at": clock.now(),
        "version": version_of(request),
    }
    return set_tags(tags=said["tags"], **shared) if "tags" in said else describe(changes=said, **shared)


def _form(
    request: HtmxRequest,
    reader: Reader,
    name: str,
    form: PropertyForm,
    *,
    status: int = 200,
    message: str = "",
) -> HttpResponse:
    return ask(
        request,
        reader,
        form,
        address=reverse("ticket-property", args=[reader.ticket.number, name]),
        title=str(TITLES[name]),
        status=status,
        message=message,
        now=present(name, reader.ticket) if message else "",
        part="tickets/_inplace.html",
        tags=choices.tags(reader.user) if name == "tags" else [],
    )
