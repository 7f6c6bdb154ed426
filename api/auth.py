"""Who calls: a program by its token, a browser by its session. Either way nobody signed in is a 401."""

import re
import zoneinfo
from typing import Any

from django.http import HttpRequest
from django.utils import timezone, translation
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.middleware import accepted_language
from accounts.models import User
from common import clock

_TOKEN = re.compile(rb"[0-9A-Za-z]{1,200}")


class TokenAuthentication(KnoxTokenAuthentication):
    """`Authorization: Token …`. The caller's language and time zone hold from here on."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, Any]:
        """The user and the token's row. Raises AuthenticationFailed for anything but a token in force."""
        if not _TOKEN.fullmatch(token):
            raise AuthenticationFailed
        user, row = super().authenticate_credentials(token)
        return user, row

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Whether the token has expired. Knox would read and tidy all of its owner's at every request;
        `api.tasks.drop_old_answers` does that once in a while.
        """
        return auth_token.expiry is not None and auth_token.expiry < clock.now()

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        """The user and the token's row; None where no token was sent."""
        found = super().authenticate(request)
        if found is not None:
            read_as(request._request, found[0])
        return found


class SessionAuthentication(DrfSessionAuthentication):
    """The browser's session; changes need the CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for: without this one it would be a 403."""
        return "Token"


def read_as(request: HttpRequest, user: User) -> None:
    """Let the language (unless the request names one) and time zone of `user` hold from here on.

    accounts.middleware does so for sessions, and puts back what held before once the answer is made.
    """
    if not accepted_language(request.headers.get("Accept-Language", "")):
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
    timezone.activate(zoneinfo.ZoneInfo(user.time_zone))
