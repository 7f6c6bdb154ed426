"""Notices over REST."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import paging
from api.fields import LARGEST, Instant
from api.idempotency import idempotent
from api.schema import CURSOR, IDEMPOTENCY_KEY, errors, paged
from api.views import ApiView, caller
from common import clock
from common.errors import InvalidInput
from notifications.selectors import page_of
from notifications.services.reading import mark_read
from notifications.vocabulary import Kind

AT_ONCE = 1000


class NoticeSerializer(serializers.Serializer[Any]):
    """One line under the caller's bell. Of a ticket out of sight it tells nothing but that there was something."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.CharField(help_text=gettext_lazy("What happened, in the caller's language."))
    ticket = serializers.CharField(
        source="ticket.number", allow_null=True, default=None, help_text=gettext_lazy("The ticket's number.")
    )
    subject = serializers.CharField(source="ticket.subject", allow_null=True, default=None)
    data = serializers.DictField(  # type: ignore[assignment]
        help_text=gettext_lazy("What the text was made of: metric, milestone, due_at, reason, by.")
    )
    created_at = Instant()
    read_at = Instant(allow_null=True)


class ReadSerializer(serializers.Serializer[Any]):
    """Which notices have been read: some by their ids, or all."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST), required=False, max_length=AT_ONCE
    )
    all = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two. Raises InvalidInput."""
        if attrs["all"] == ("ids" in attrs):
            raise InvalidInput({"ids": [_("Give either ids or all.")]})
        return attrs


class MarkedSerializer(serializers.Serializer[Any]):
    """How many were unread and are not any more."""

    marked = serializers.IntegerField()


class NotificationsView(ApiView):
    """The caller's notices."""

    @extend_schema(
        operation_id="list_notifications",
        summary=gettext_lazy("Read what I was told, newest first"),
        tags=["notifications"],
        parameters=[CURSOR],
        responses={200: paged(NoticeSerializer, "NotificationPage"), **errors(401, 422)},
    )
    def get(self, request: Request) -> Response:
        """Fifty a page."""
        lines, following = page_of(caller(request), before=paging.position(request))
        return paging.page(request, [NoticeSerializer(line).data for line in lines], following)


class NotificationsReadView(ApiView):
    """Marking notices as read."""

    @extend_schema(
        operation_id="read_notifications",
        summary=gettext_lazy("Mark notices as read"),
        tags=["notifications"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReadSerializer,
        responses={200: MarkedSerializer, **errors(400, 401, 415, 422)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Ids of other people's notices are passed over."""
        asked = ReadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ids = None if asked.validated_data["all"] else asked.validated_data["ids"]
        return Response({"marked": mark_read(user=caller(request), at=clock.now(), ids=ids)})
