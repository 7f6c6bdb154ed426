"""Files over REST: sending them before they are attached, and fetching them."""

import uuid
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import Q
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.idempotency import idempotent
from api.schema import IDEMPOTENCY_KEY, errors
from api.views import ApiView, caller
from common import clock
from common.errors import InvalidInput
from common.uploads import oversized
from tickets import policies
from tickets.api.conversation import AttachmentSerializer, AttachmentsSerializer
from tickets.api.reading import find
from tickets.models import Attachment, MessageKind, Ticket
from tickets.services.attaching import store_upload

log = structlog.get_logger(__name__)
TAG = ["files"]
# What a multipart body may hold beside the file itself.
ENVELOPE = 64 * 1024


class FileSerializer(serializers.Serializer[Any]):
    """A file as multipart/form-data."""

    file = serializers.FileField()


class UploadsView(ApiView):
    """Where a file is sent."""

    parser_classes = [MultiPartParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is too large by what it says of itself, before reading it."""
        super().initial(request, *args, **kwargs)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.ATTACHMENT_MAX_BYTES + ENVELOPE:
            raise RequestDataTooBig

    @extend_schema(
        operation_id="upload",
        summary=gettext_lazy("Send a file"),
        description=gettext_lazy("It is kept for a day, until a ticket or a reply names its key."),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": FileSerializer},
        responses={201: AttachmentSerializer, **errors(400, 401, 413, 415, 422, 429)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Keep a file for a day, until a ticket or a reply names its key."""
        upload = request.FILES.get("file")
        if oversized(request._request):
            raise RequestDataTooBig
        if upload is None:
            raise InvalidInput({"file": [_("Send a file in the part named “file”.")]})
        try:
            kept = store_upload(uploader=caller(request), upload=upload, at=clock.now())
        except InvalidInput as error:
            raise InvalidInput(
                {"file": [text for texts in error.fields.values() for text in texts]}
            ) from error
        return Response(AttachmentSerializer(kept).data, status=201)


class AttachmentsView(ApiView):
    """The files of a ticket."""

    @extend_schema(
        operation_id="list_attachments",
        summary=gettext_lazy("List the files of a ticket"),
        description=gettext_lazy("Those of the description and of every message you may read."),
        tags=TAG,
        responses={200: AttachmentsSerializer, **errors(401, 404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """Those of the description and of every message the caller reads, in the order they were sent."""
        user = caller(request)
        files = readable_files(user, find(user, number))
        return Response({"results": AttachmentSerializer(files, many=True).data})


class AttachmentView(ApiView):
    """One file."""

    @extend_schema(
        operation_id="fetch_attachment",
        summary=gettext_lazy("Fetch a file"),
        description=gettext_lazy("For whoever may see what it is attached to; before that, for its sender."),
        tags=TAG,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **errors(401, 404)},
    )
    def get(self, request: Request, key: uuid.UUID) -> FileResponse:
        """The file itself, for whoever may see what it is attached to; before that, for its sender."""
        found = Attachment.objects.select_related("ticket", "message").filter(key=key).first()
        if found is None or not policies.may_fetch(caller(request), found):
            raise Http404
        try:
            content = found.file.open("rb")
        except FileNotFoundError as error:
            log.error("attachment_file_missing", attachment=str(found.key), ticket=found.ticket_id)
            raise Http404 from error
        return FileResponse(
            content, as_attachment=True, filename=found.name, content_type="application/octet-stream"
        )


def readable_files(user: User, ticket: Ticket) -> list[Attachment]:
    """The files of a ticket that is visible to `user`, without those of notes they do not read."""
    files = ticket.attachments.order_by("pk")
    if policies.may_note(user, ticket):
        return list(files)
    return list(files.filter(Q(message=None) | Q(message__kind=MessageKind.PUBLIC)))
