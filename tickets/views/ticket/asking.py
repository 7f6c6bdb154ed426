"""The forms that ask for more before a ticket changes: in the dialog, in place, or on a page of their own."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from common.htmx import HtmxRequest
from tickets import conversation
from tickets.models import Ticket
from tickets.views.ticket.buttons import buttons_of
from tickets.views.ticket.reader import Reader
from tickets.vocabulary import UNCOUNTED

OTHERS_SHOWN = 30


def ask(
    request: HtmxRequest,
    reader: Reader,
    form: forms.Form,
    *,
    address: str,
    title: str,
    status: int = 200,
    message: str = "",
    part: str = "tickets/_act.html",
    **more: Any,
) -> HttpResponse:
    """Show `form`, which sends to `address`; with why it was refused, if it was. `part` is what htmx gets."""
    context = {
        "reader": reader,
        "ticket": reader.ticket,
        "address": address,
        "title": title,
        "possible": True,
        "form": form,
        "message": message,
        "buttons": buttons_of(reader),
        "nav": "tickets" if reader.internal else "portal",
        **more,
    }
    return render(request, part if request.htmx else "tickets/act.html", context, status=status)


def others(reader: Reader) -> list[Ticket]:
    """The organisation's other tickets that are proposed where one is asked for, the newest first."""
    found = conversation.others_of_organisation(reader.user, reader.ticket, count=OTHERS_SHOWN)
    return [other for other in found if other.status not in UNCOUNTED]
