"""Giving the ticket to another organisation from its page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DeskError, InvalidInput
from common.htmx import HtmxRequest
from tickets.forms.placing import OrganisationForm
from tickets.services.rehoming import change_organisation
from tickets.views.refusals import status_of
from tickets.views.ticket.acting import done, version_of
from tickets.views.ticket.asking import ask
from tickets.views.ticket.reader import Reader, reader_of, still_reader


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def organisation(request: HtmxRequest, number: str) -> HttpResponse:
    """Show the form, or do what it says. For those who lead the team; for anybody else it is not there."""
    reader = reader_of(request, number)
    if not reader.leads:
        raise Http404
    if request.method != "POST":
        return _form(request, reader, OrganisationForm(reader.ticket))
    form = OrganisationForm(reader.ticket, request.POST)
    if not form.is_valid():
        return _form(request, reader, form, status=422)
    try:
        ticket = change_organisation(
            ticket_id=reader.ticket.pk,
            organisation=form.cleaned_data["organisation"],
            actor=reader.user,
            at=clock.now(),
            version=version_of(request),
        )
    except InvalidInput as error:
        form.refuse(error)
        return _form(request, reader, form, status=422)
    except DeskError as error:
        now = still_reader(reader.user, reader.ticket.number) or reader
        return _form(request, now, form, status=status_of(error), message=error.message)
    return done(request, reader, ticket)


def _form(
    request: HtmxRequest, reader: Reader, form: OrganisationForm, *, status: int = 200, message: str = ""
) -> HttpResponse:
    address = reverse("ticket-organisation", args=[reader.ticket.number])
    title = _("Change the organisation")
    return ask(request, reader, form, address=address, title=title, status=status, message=message)
