"""One shape for every refusal: {"error": code, "message": sentence, "fields": {name: [sentence]}}.

The sentence is in the caller's language, the code is what programs go by. Some carry more: a stale version
the present ticket, an action that leads nowhere the actions that do.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from common import clock
from common.errors import DeskError, InvalidInput, NotAllowed, TooMany
from common.text import clean_text
from surveys.services.errors import SurveyClosed
from tickets.api.serializers import ticket_data
from tickets.services.errors import ActionNotPossible, BeyondSkills, StaleVersion

log = structlog.get_logger(__name__)

CODES: dict[int, tuple[str, Promise]] = {
    400: ("malformed", _("The body could not be read: it must be valid JSON in UTF-8.")),
    401: ("not_signed_in", _("Send a token that is in force, or sign in.")),
    403: ("not_allowed", _("You may not do this. Ask your administrator if you should.")),
    404: ("not_found", _("There is nothing here, or it is not yours to see.")),
    405: ("method_not_allowed", _("This address does not answer that method.")),
    406: ("not_acceptable", _("This address answers JSON only.")),
    413: ("too_large", _("That is more than can be taken at once.")),
    415: ("unsupported_media_type", _("This address does not read that kind of body.")),
    422: ("invalid", _("Some of this cannot be taken; each field says why.")),
    429: ("too_many", _("That is a lot at once. Please wait a little.")),
    500: (
        "server_error",
        _("Something went wrong on our side. It has been recorded; please try again in a moment."),
    ),
}
# The services' own refusals, which bring their sentence along.
_REFUSALS: tuple[tuple[type[DeskError], int, str], ...] = (
    (InvalidInput, 422, "invalid"),
    (NotAllowed, 403, "not_allowed"),
    (TooMany, 429, "too_many"),
    (StaleVersion, 409, "stale_version"),
    (ActionNotPossible, 409, "action_not_possible"),
    (BeyondSkills, 409, "beyond_skills"),
    (SurveyClosed, 409, "survey_closed"),
    (DeskError, 409, "refused"),
)
# Django's own exceptions; one that is also of a later kind is listed before it.
_PLAIN: tuple[tuple[type[Exception], int], ...] = (
    (Http404, 404),
    (PermissionDenied, 403),
    (RequestDataTooBig, 413),
    (SuspiciousOperation, 400),
    (UnreadablePostError, 400),
)


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to whatever a view raised. What nobody foresaw is logged and answered 500."""
    if isinstance(error, DeskError):
        return _refusal(error, context)
    if isinstance(error, exceptions.ValidationError):
        return answer(422, fields=flattened(error.detail))
    if isinstance(error, exceptions.APIException):
        return answer(error.status_code, headers=_headers(error))
    for kind, status in _PLAIN:
        if isinstance(error, kind):
            return answer(status)
    log.error("api_failed", path=context["request"].path, exc_info=error)
    return answer(500)


def answer(
    status: int,
    *,
    code: str = "",
    message: str = "",
    fields: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """A refusal in the one shape; code and message are the status's own unless given."""
    usual_code, usual_message = CODES.get(status, ("refused", CODES[400][1]))
    body = {"error": code or usual_code, "message": message or str(usual_message), "fields": fields or {}}
    return Response({**body, **more}, status=status, headers=dict(headers or {}))


def _refusal(error: DeskError, context: Mapping[str, Any]) -> Response:
    status, code = next((status, code) for kind, status, code in _REFUSALS if isinstance(error, kind))
    if isinstance(error, InvalidInput):
        return answer(status, fields={name: [str(t) for t in texts] for name, texts in error.fields.items()})
    more: dict[str, Any] = {}
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, StaleVersion):
        more["ticket"] = ticket_data(error.ticket, user=context["request"].user, at=clock.now())
    elif isinstance(error, ActionNotPossible):
        more["actions"] = error.actions
    return answer(status, code=code, message=str(error.message), headers=headers, **more)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(getattr(error, "auth_header", ""))
    return headers


def flattened(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested messages as {dotted field: sentences}; what concerns the whole body is under `body`.

    Sentences that repeat what was sent are cleaned: JSON can carry text that nothing else can.
    """
    if isinstance(detail, Mapping):
        parts = [flattened(inner, _joined(path, str(name))) for name, inner in detail.items()]
        return {name: texts for part in parts for name, texts in part.items()}
    if isinstance(detail, list) and all(isinstance(inner, str) for inner in detail):
        return {path or "body": [clean_text(str(text)) for text in detail]}
    if isinstance(detail, list):
        parts = [flattened(inner, _joined(path, str(i))) for i, inner in enumerate(detail) if inner]
        return {name: texts for part in parts for name, texts in part.items()}
    return {path or "body": [clean_text(str(detail))]}


def _joined(path: str, name: str) -> str:
    if name == "non_field_errors":
        return path
    return f"{path}.{name}" if path else name
