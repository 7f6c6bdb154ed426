"""When a change put the ticket out of its author's sight."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from common.htmx import HtmxRequest
from tickets.models import Ticket


def leave(request: HtmxRequest, ticket: Ticket) -> HttpResponse:
    """Back to the start page, with a word on where the ticket went."""
    if ticket.team is not None:
        text = _("%(number)s is with %(team)s now.") % {"number": ticket.number, "team": ticket.team.name}
    else:
        text = _("%(number)s is no longer yours to see.") % {"number": ticket.number}
    messages.info(request, text)
    address = reverse("home")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
