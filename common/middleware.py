"""Middleware without a domain."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from common.views import error_page


class BadInputMiddleware:
    """Answers 400 to addresses and parameters that carry a NUL byte: Postgres cannot even compare them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or pass on."""
        query = request.META.get("QUERY_STRING", "").lower()
        if "\0" in request.path or "%00" in query:
            return error_page(request, 400, _("The address holds a character that nothing can be found by."))
        return self.get_response(request)


class SignedOutMiddleware:
    """Answers 401 to a part of a page asked for after the session has ended.

    The sign-in page would land in a corner of the page, and going there would lose what is being typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Turn the way to the sign-in page into a refusal; anything else passes."""
        response = self.get_response(request)
        if not getattr(request, "htmx", False) or request.user.is_authenticated:
            return response
        if response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL)):
            return HttpResponse(_("You are signed out. Sign in again in another tab."), status=401)
        return response
