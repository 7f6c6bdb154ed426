"""The reader's language and time zone."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

# Under the programs' addresses, but a page.
DOCS = "/api/docs/"


class ReaderMiddleware:
    """Activates the reader's own choice: the account's, else the cookie's, else Chinese.

    Programs say theirs in Accept-Language; browsers send that header unasked, so pages pass it over.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate, answer, and say in the answer which language it is in."""
        language = chosen_language(request)
        zone = getattr(request.user, "time_zone", settings.TIME_ZONE)
        with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            # A view that learned of the reader only later, from a token, has set it anew.
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response


def chosen_language(request: HttpRequest) -> str:
    """`zh-hans` or `en`."""
    if request.path.startswith("/api/") and request.path != DOCS:
        asked = accepted_language(request.headers.get("Accept-Language", ""))
        if asked:
            return asked
    if request.user.is_authenticated:
        return request.user.language
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return cookie if cookie in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def accepted_language(header: str) -> str | None:
    """The first of ours that an Accept-Language header names; None when it names none."""
    for code, _weight in parse_accept_lang_header(header):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return None
