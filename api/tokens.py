"""Signing in and out of the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import has_verified_email
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.errors import answer
from api.fields import Text
from api.schema import errors
from api.views import ApiView
from common.errors import NotAllowed, TooMany

# The longest span of ACCOUNT_RATE_LIMITS for failed sign-ins: after it anybody may try again.
RETRY_AFTER = 300


class CredentialsSerializer(serializers.Serializer[Any]):
    """An address and its password."""

    email = Text(max_length=254)
    password = Text(max_length=1000, trim_whitespace=False)


class TokenSerializer(serializers.Serializer[Any]):
    """What is sent as `Authorization: Token …`; it is told this once."""

    token = serializers.CharField()


class TokenView(ApiView):
    """A program's way in (POST) and out (DELETE)."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """An old token in the header must not keep anybody from getting a new one."""
        return [] if self._signs_in() else super().get_authenticators()

    def get_permissions(self) -> Sequence[Any]:
        """Everybody may try to sign in."""
        return [] if self._signs_in() else super().get_permissions()

    def get_authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Token"

    def _signs_in(self) -> bool:
        return self.request is not None and self.request.method == "POST"

    @extend_schema(
        operation_id="sign_in",
        summary=gettext_lazy("Get a token"),
        description=gettext_lazy(
            "A token is good for 90 days. An unknown address and a wrong password are answered alike."
        ),
        tags=["auth"],
        auth=[],
        request=CredentialsSerializer,
        responses={200: TokenSerializer, **errors(400, 401, 403, 415, 422, 429)},
    )
    def post(self, request: Request) -> Response:
        """Answer with a new token, good for 90 days. An unknown address and a wrong password read the same."""
        form = CredentialsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = check_password(request._request, **form.validated_data)
        if user is None:
            return _refused()
        return Response({"token": new_token(user)})

    @extend_schema(
        operation_id="sign_out",
        summary=gettext_lazy("Give the token back"),
        description=gettext_lazy("Ends the token this request is sent with."),
        tags=["auth"],
        request=None,
        responses={204: None, **errors(401, 403)},
    )
    def delete(self, request: Request) -> Response:
        """End the token this request was sent with."""
        if not isinstance(request.auth, AuthToken):
            raise NotAllowed(_("You are signed in in a browser. Sign out there."))
        request.auth.delete()
        return Response(status=204)


def check_password(request: HttpRequest, *, email: str, password: str) -> User | None:
    """The user who may sign in with that, or None.

    Attempts are counted where the sign-in page counts its own, per caller's address and per account. Raises
    TooMany past the limit, NotAllowed for an address that nobody has confirmed.
    """
    credentials: Mapping[str, str] = {"email": email.strip(), "password": password}
    try:
        user = get_adapter(request).authenticate(request, **credentials)
    except ValidationError as limit:
        raise TooMany(limit.messages[0], retry_after=RETRY_AFTER) from limit
    if not isinstance(user, User) or not user.is_active:
        return None
    if not has_verified_email(user):
        raise NotAllowed(
            _("Confirm your e-mail address first: sign in once in a browser, and we send you the link.")
        )
    return user


def new_token(user: User) -> str:
    """A token of `user`; only its digest is stored."""
    _row, token = AuthToken.objects.create(user=user)
    return str(token)


def drop_expired(*, at: datetime) -> int:
    """Delete the tokens that no longer let anybody in; how many."""
    dropped, _by_model = AuthToken.objects.filter(expiry__lt=at).delete()
    return dropped


def _refused() -> Response:
    text = _("This address and password do not belong together.")
    return answer(401, code="wrong_credentials", message=text, headers={"WWW-Authenticate": "Token"})
