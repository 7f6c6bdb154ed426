"""A POST that carries an Idempotency-Key happens once, however often it is sent."""

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from api.models import IdempotentAnswer
from api.views import caller
from common.errors import InvalidInput

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY_LENGTH = 120
KEPT_FOR = timedelta(hours=24)
TOO_MANY = 429
FAILED = 500


Post = TypeVar("Post", bound=Callable[..., HttpResponse])


def idempotent(post: Post) -> Post:
    """Decorate a view's `post`: a retry with the same Idempotency-Key returns the first answer."""

    @functools.wraps(post)
    def once(view: APIView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return answered_once(view, request, caller(request), lambda: post(view, request, *args, **kwargs))

    return once  # type: ignore[return-value]


def answered_once(
    view: APIView, request: Request, user: User, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """Do `work` unless `user` has had its answer under this key; answer and change are kept in one transaction.

    Refusals (4xx) are answers too and kept; a failure (5xx) and a limit (429) are not, so that a retry may
    succeed. Two requests at once: the second waits for the first. Raises InvalidInput for a bad key, or one
    that was used for something else.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return work()
    if not (0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable()):
        text = _("Give 1 to %(count)d printable ASCII characters.") % {"count": KEY_LENGTH}
        raise InvalidInput({HEADER: [text]})
    fingerprint = _fingerprint(request)
    try:
        with transaction.atomic():
            kept, first = IdempotentAnswer.objects.get_or_create(
                user=user, key=key, defaults={"fingerprint": fingerprint}
            )
            return _first(view, kept, work) if first else _again(kept, fingerprint)
    except _NotKept as passed:
        return passed.response


def drop_old(*, at: datetime) -> int:
    """Forget the answers of more than a day ago; how many."""
    dropped, _by_model = IdempotentAnswer.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return dropped


class _NotKept(Exception):
    """Rolls the key back; carries the answer out of the transaction."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


def _first(view: APIView, kept: IdempotentAnswer, work: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        with transaction.atomic():
            response = work()
    except Exception as error:
        response = view.handle_exception(error)
    if response.status_code >= FAILED or response.status_code == TOO_MANY:
        raise _NotKept(response)
    kept.status = response.status_code
    kept.body = JSONRenderer().render(getattr(response, "data", None)).decode()
    kept.save(update_fields=["status", "body"])
    return response


def _again(kept: IdempotentAnswer, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise InvalidInput({HEADER: [_("This key was used for another request. Take a new one.")]})
    return HttpResponse(
        kept.body, status=kept.status, content_type="application/json", headers={REPLAYED: "true"}
    )


def _fingerprint(request: Request) -> str:
    """Method, address and what the body says; a file counts by its name and content."""
    said: Any = request.data
    if request.FILES:
        said = {name: _file_print(value) for name, value in said.items()}
    text = json.dumps([request.method, request.get_full_path(), said], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _file_print(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]
