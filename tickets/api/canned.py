"""Canned replies over REST: as they are kept, and filled in for a ticket."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import paging
from api.schema import CURSOR, errors, paged
from api.views import ApiView, caller
from common import clock
from common.errors import NotAllowed
from tickets.api.reading import find
from tickets.canned import Situation
from tickets.canned_replies import replies_of
from tickets.models import CannedReply
from tickets.models.canned import Visibility
from tickets.policies import may_note
from tickets.views._canned import Filled, filled_for


class CannedReplySerializer(serializers.Serializer[Any]):
    """A reply as it is kept, its placeholders in double braces."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField(help_text=gettext_lazy("May be empty."))
    body_zh = serializers.CharField(help_text=gettext_lazy("Markdown; may be empty."))
    body_en = serializers.CharField(help_text=gettext_lazy("Markdown; may be empty."))
    visibility = serializers.ChoiceField(Visibility.choices)
    team = serializers.CharField(allow_null=True, help_text=gettext_lazy("A code."))
    situation = serializers.ChoiceField(Situation.choices)
    product = serializers.CharField(allow_null=True, help_text=gettext_lazy("A code."))
    module = serializers.CharField(allow_null=True, help_text=gettext_lazy("A code."))
    used = serializers.IntegerField()


class FilledReplySerializer(serializers.Serializer[Any]):
    """A reply filled in for a ticket, in the customer's language."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text=gettext_lazy("In the caller's language."))
    text = serializers.CharField(help_text=gettext_lazy("Markdown."))
    fits = serializers.BooleanField(
        help_text=gettext_lazy("It opens a message for just what this customer goes through.")
    )


class FilledRepliesSerializer(serializers.Serializer[Any]):
    """Best first."""

    results = FilledReplySerializer(many=True)


class CannedRepliesView(ApiView):
    """The canned replies the caller may use."""

    @extend_schema(
        operation_id="list_canned_replies",
        summary=gettext_lazy("List canned replies"),
        description=gettext_lazy("For members of staff: their own, their teams' and everyone's, if in use."),
        tags=["tickets"],
        parameters=[CURSOR],
        responses={200: paged(CannedReplySerializer, "CannedReplyPage"), **errors(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        user = caller(request)
        if not user.is_agent:
            raise NotAllowed(_("Canned replies are for members of staff."))
        rows, following = paging.newest_first(request, replies_of(user).filter(is_active=True))
        return paging.page(request, [_data(row) for row in rows], following)


class TicketCannedRepliesView(ApiView):
    """What can be put into a reply on a ticket."""

    @extend_schema(
        operation_id="fill_in_canned_replies",
        summary=gettext_lazy("Canned replies, filled in for a ticket"),
        description=gettext_lazy("For members of staff who work on it; what fits the ticket comes first."),
        tags=["tickets"],
        responses={200: FilledRepliesSerializer, **errors(401, 403, 404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """In the customer's language and time zone."""
        user = caller(request)
        ticket = find(user, number)
        if not may_note(user, ticket):
            raise NotAllowed(_("Canned replies are for members of staff."))
        results = [_filled(one) for one in filled_for(user, ticket, at=clock.now())]
        return Response({"results": results})


def _filled(one: Filled) -> dict[str, Any]:
    return {"id": one.reply.pk, "name": one.reply.label, "text": one.text, "fits": one.fits}


def _data(reply: CannedReply) -> dict[str, Any]:
    plain = ("name", "name_en", "body_zh", "body_en", "visibility", "situation", "used")
    codes = {name: getattr(getattr(reply, name), "code", None) for name in ("team", "product", "module")}
    return {"id": reply.pk, **{name: getattr(reply, name) for name in plain}, **codes}
