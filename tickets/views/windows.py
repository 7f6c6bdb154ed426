"""The closing windows ahead, for those who plan for them."""

from itertools import groupby
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from catalog.selectors import CHINA
from common import clock
from tickets.closing_windows import windows_ahead

DAYS_SHOWN = 60


@require_safe
@login_required
def windows(request: HttpRequest) -> HttpResponse:
    """The next sixty days, by organisation. For managers and administrators."""
    if not cast(User, request.user).reads_figures:
        raise Http404
    today = clock.now().astimezone(CHINA).date()
    coming = windows_ahead(today, DAYS_SHOWN)
    groups = [
        (organisation, [(one, (one.span.first - today).days) for one in found])
        for organisation, found in groupby(coming, key=lambda one: one.window.organisation)
    ]
    context = {"groups": groups, "days": DAYS_SHOWN, "nav": "windows"}
    return render(request, "tickets/windows.html", context)
