"""Middleware without a domain."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
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
