"""Everything that ever happened to a ticket, in words."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.text import whole_number
from tickets import conversation
from tickets.presenting import present
from tickets.views.ticket.reader import reader_of


@never_cache
@require_safe
@login_required
def history(request: HttpRequest, number: str) -> HttpResponse:
    """A page of the history, newest first; customers read what is theirs to know, in their words."""
    reader = reader_of(request, number)
    before = whole_number(request.GET.get("before", "")) or 0
    found = conversation.history_page(reader.ticket, internal=reader.internal, before=before)
    if found is None:
        raise Http404
    names = conversation.names_in(found.entries)
    steps = present(found.entries, names, reader=reader.user, plain=not reader.internal)
    context = {
        "reader": reader,
        "ticket": reader.ticket,
        "steps": steps[::-1],
        "older": found.next_cursor,
        "is_newest": not before,
        "nav": "tickets" if reader.internal else "portal",
    }
    return render(request, "tickets/history.html", context)
