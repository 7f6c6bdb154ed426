"""Uploads and attachments."""

from typing import cast
from uuid import UUID

import structlog
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from common import clock
from tickets.models import Attachment
from tickets.policies import may_fetch
from tickets.views._uploads import Files, take_uploads

log = structlog.get_logger(__name__)
# Nothing of a file runs, even where a browser shows it as a page of its own.
SANDBOX = "sandbox; default-src 'none'"


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the `files` of the request until a form claims them by key.

    Answers 201 with a list item a file (or JSON, for those who accept that), else a plain sentence: 401, 413
    too large, 422 empty or missing, 429 too many in an hour.
    """
    found = Files()
    if not request.user.is_authenticated:
        found.refuse(_("You are signed out. Sign in again in another tab."), 401)
        return _refusal(request, found)
    take_uploads(request, found, at=clock.now())
    if not found.attachments and not found.errors:
        found.refuse(_("Choose a file first."), 422)
    if found.errors:
        return _refusal(request, found)
    if _wants_json(request):
        return JsonResponse({"attachments": [_described(a) for a in found.attachments]}, status=201)
    return render(request, "tickets/_upload_items.html", {"attachments": found.attachments}, status=201)


def _refusal(request: HttpRequest, found: Files) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"attachments": found.errors}, status=found.status)
    return HttpResponse(" ".join(found.errors), content_type="text/plain; charset=utf-8", status=found.status)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _described(attachment: Attachment) -> dict[str, str | int]:
    return {
        "key": str(attachment.key),
        "name": attachment.name,
        "size": attachment.size,
        "url": attachment.get_absolute_url(),
    }


@require_safe
@login_required
@cache_control(private=True, max_age=600)
def attachment(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Send a file to those who may see it: pictures to look at, everything else to keep."""
    found = Attachment.objects.select_related("ticket", "message").filter(key=key).first()
    if found is None or not may_fetch(cast(User, request.user), found):
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        log.error("attachment_file_missing", attachment=str(found.key), ticket=found.ticket_id)
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=not found.is_image,
        filename=found.name,
        content_type=found.content_type if found.is_image else "application/octet-stream",
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
