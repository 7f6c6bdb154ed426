"""Notices over REST."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api import paging
from api.fields import LARGEST, Instant
from api.idempotency import idempotent
from api.schema import CURSOR, IDEMPOTENCY_KEY, errors, paged
from api.views import ApiView, caller
from common import clock
from common.errors import InvalidInput
from notifications.models import Preference
from notifications.selectors import page_of
from notifications.services.preferring import Quiet, prefer, preferences_of
from notifications.services.reading import mark_read
from notifications.vocabulary import Kind, offered

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


class QuietSerializer(serializers.Serializer[Any]):
    """Quiet hours on the wall clock of the caller's time zone; over midnight if they end earlier than they start."""

    start = serializers.TimeField(format="%H:%M")
    end = serializers.TimeField(format="%H:%M")
    days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7),
        max_length=7,
        help_text=gettext_lazy("The weekdays they begin on; Monday is 1."),
    )


class PreferencesSerializer(serializers.Serializer[Any]):
    """What the caller wants to be told of, by which way, and when not."""

    groups = serializers.DictField(
        child=serializers.DictField(child=serializers.BooleanField()),
        required=False,
        help_text=gettext_lazy("By group and way (app, email); what is left out stays as it is."),
    )
    quiet = QuietSerializer(required=False, allow_null=True, help_text=gettext_lazy("Null: none."))
    digest_at = serializers.TimeField(
        format="%H:%M",
        required=False,
        help_text=gettext_lazy(
            "When the morning letter of the group digest comes, on the caller's wall clock."
        ),
    )


class PreferencesView(ApiView):
    """What the caller wants to be told of."""

    @extend_schema(
        operation_id="read_preferences",
        summary=gettext_lazy("Read what I want to be told"),
        tags=["notifications"],
        responses={200: PreferencesSerializer, **errors(401)},
    )
    def get(self, request: Request) -> Response:
        """Every group that is the caller's to choose about, with its ways."""
        user = caller(request)
        return Response(_preference_data(user, preferences_of([user])[user.pk]))

    @extend_schema(
        operation_id="set_preferences",
        summary=gettext_lazy("Say what I want to be told"),
        description=gettext_lazy(
            "A broken promise of an urgent ticket and the receipt of a ticket always come."
        ),
        tags=["notifications"],
        request=PreferencesSerializer,
        responses={200: PreferencesSerializer, **errors(400, 401, 413, 415, 422)},
    )
    def put(self, request: Request) -> Response:
        """Store it; the answer is all of it as it is now."""
        user, at = caller(request), clock.now()
        form = PreferencesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said, stored = form.validated_data, preferences_of([user])[user.pk]
        wished = {
            (group, way): on for group, ways in said.get("groups", {}).items() for way, on in ways.items()
        }
        before = {
            (str(group), str(way))
            for group, ways in offered(staff=user.is_agent).items()
            for way in ways
            if not stored.wants(group, way)
        }
        off = {pair for pair, on in wished.items() if not on} | (before - set(wished))
        quiet = said["quiet"] if "quiet" in said else _quiet_of(stored)
        wanted = Quiet(**quiet) if quiet else None
        now = prefer(user=user, off=off, quiet=wanted, at=at, digest_at=said.get("digest_at"))
        return Response(_preference_data(user, now))


def _quiet_of(stored: Preference) -> dict[str, Any] | None:
    if stored.quiet_from is None:
        return None
    return {"start": stored.quiet_from, "end": stored.quiet_to, "days": stored.quiet_days}


def _preference_data(user: User, stored: Preference) -> dict[str, Any]:
    groups = {
        str(group): {str(way): stored.wants(group, way) for way in ways}
        for group, ways in offered(staff=user.is_agent).items()
    }
    said = {"groups": groups, "quiet": _quiet_of(stored), "digest_at": stored.digest_at}
    return dict(PreferencesSerializer(said).data)


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
