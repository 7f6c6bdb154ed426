"""Canned replies beside the reply box: the list to choose from, and the count of what was chosen."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common import clock
from tickets.services.canning import count_use
from tickets.views._canned import filled_for
from tickets.views.ticket.reader import Reader, reader_of


@never_cache
@require_safe
@login_required
def canned(request: HttpRequest, number: str) -> HttpResponse:
    """What can be put into a reply on this ticket, filled in, best first."""
    reader = _agent_of(request, number)
    replies = filled_for(reader.user, reader.ticket, at=clock.now())
    return render(request, "tickets/_canned_list.html", {"replies": replies, "ticket": reader.ticket})


@require_POST
@login_required
def canned_used(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One was put into the reply box."""
    reader = _agent_of(request, number)
    if not count_use(reply_id=pk, actor=reader.user):
        raise Http404
    return HttpResponse(status=204)


def _agent_of(request: HttpRequest, number: str) -> Reader:
    reader = reader_of(request, number)
    if not reader.internal:
        raise Http404
    return reader
