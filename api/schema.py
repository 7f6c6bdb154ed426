"""What the OpenAPI description says beyond each view's own words."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from api.errors import CODES
from api.idempotency import HEADER, KEY_LENGTH


class ErrorSerializer(serializers.Serializer[Any]):
    """Every refusal."""

    error = serializers.CharField(help_text=_("A code for programs."))
    message = serializers.CharField(help_text=_("A sentence in the caller's language."))
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("What is wrong with each field; empty unless the input was refused."),
    )


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """The `responses` of `extend_schema` for refusals in the common shape."""
    return {status: OpenApiResponse(ErrorSerializer, description=CODES[status][1]) for status in statuses}


@cache
def paged(serializer: type[serializers.Serializer[Any]], name: str) -> serializers.Serializer[Any]:
    """What `api.paging.page` answers, for results written by `serializer`; `name` is the component's."""
    return inline_serializer(
        name=name,
        fields={
            "results": serializer(many=True),
            "next": serializers.URLField(allow_null=True, help_text=_("The next page; null at the end.")),
        },
    )


IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description=_("A retry with the same key returns the first answer and changes nothing, for 24 hours."),
    extensions={"x-max-length": KEY_LENGTH},
)
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description=_("Where the page begins, out of `next`."))


class DeskSchema(AutoSchema):
    """Docstrings are for those who read the code: an endpoint's description is given, and translated."""

    def get_description(self) -> str:  # type: ignore[override]
        """None but what `extend_schema` gives."""
        return ""


def without_docstrings(result: dict[str, Any], **_about: Any) -> dict[str, Any]:
    """A hook: the same of components."""
    for component in result["components"]["schemas"].values():
        if component.get("type") == "object":
            component.pop("description", None)
    return result


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes `TokenAuthentication`."""

    target_class = "api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """`Token` and the token itself, in the Authorization header."""
        text = _("“Token” and, after a space, the token itself.")
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": text}


class SessionScheme(OpenApiAuthenticationExtension):
    """How the schema describes `SessionAuthentication`."""

    target_class = "api.auth.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The session cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
