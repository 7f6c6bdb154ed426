"""Middleware without a domain."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from common.views import error_page

COMPRESSED = frozenset({"text/html", "application/json", "application/problem+json", "text/plain"})


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


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages, parts of them and answers to programs; files, downloads and streams pass as they are.

    What a page repeats of an address's words stands beside a token that is masked anew each time, and Django pads
    each answer by a random length: from the size of an answer nothing secret can be read.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed if it is text and the browser takes it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in COMPRESSED:
            return response
        return super().process_response(request, response)


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
