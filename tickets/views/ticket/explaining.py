"""How a promised moment came about, step by step."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.htmx import HtmxRequest
from sla.explanations import explanation_of
from sla.telling import About, tell
from tickets.views.ticket.reader import reader_of


@never_cache
@require_safe
@login_required
def explanation(request: HtmxRequest, number: str, metric: str, cycle: int) -> HttpResponse:
    """The timeline of one promise: a page, or of an htmx request the timeline alone."""
    reader = reader_of(request, number)
    found = [c for c in reader.ticket.clocks.all() if (c.metric, c.cycle) == (metric, cycle)]
    if not found:
        raise Http404
    clock = found[0]
    about = About(metric=metric, cycle=cycle, tier=clock.tier, plain=not reader.internal)
    context = {
        "reader": reader,
        "ticket": reader.ticket,
        "clock": clock,
        "rows": tell(explanation_of(clock), about),
        "nav": "tickets" if reader.internal else "portal",
    }
    return render(request, "tickets/_timeline.html" if request.htmx else "tickets/explanation.html", context)
