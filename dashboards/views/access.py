"""Who reads figures, and what they ask about."""

import zoneinfo
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from common import clock
from dashboards import asking
from dashboards.asking import Asked

View = Callable[..., HttpResponseBase]


def for_readers_of_figures(view: View) -> View:
    """Looking only, signed in, as a manager or an administrator; to everybody else there is nothing here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reader(request).reads_figures:
            raise Http404
        return view(request, *args, **kwargs)

    return require_safe(login_required(guarded))


def reader(request: HttpRequest) -> User:
    """Whoever is signed in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks about, in the reader's zone. Raises InvalidInput."""
    zone = zoneinfo.ZoneInfo(timezone.get_current_timezone_name())
    return asking.read(request.GET.dict(), zone=zone, at=clock.now())


def as_file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    """A download of that name."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def file_name(asked: Asked, what: str, ending: str) -> str:
    """What was asked about is told by the name."""
    named = [what, *(thing.code for thing in (asked.team, asked.product) if thing)]
    return f"{'-'.join(named)}-{asked.period.first}-{asked.period.last}.{ending}"
