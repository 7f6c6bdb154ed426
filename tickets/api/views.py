"""Tickets over REST: filing, reading, replying, moving."""

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import paging
from api.idempotency import idempotent
from api.schema import CURSOR, IDEMPOTENCY_KEY, ErrorSerializer, errors, paged
from api.views import ApiView, caller
from common import clock
from tickets import filters, policies
from tickets.api.conversation import (
    ChangesSerializer,
    MessageSerializer,
    MessagesSerializer,
    ReplySerializer,
    changes_data,
)
from tickets.api.inputs import NewReplySerializer, NewTicketSerializer, StepSerializer, uploads
from tickets.api.reading import again, find, sees, whole
from tickets.api.serializers import Reader, TicketSerializer, ticket_data, tickets_data
from tickets.models import Ticket
from tickets.models.ticket import Channel
from tickets.selectors import conversation, history_of
from tickets.services.opening import open_ticket
from tickets.services.replying import reply
from tickets.services.transition import transition

TAG = ["tickets"]
FILTERS = [
    OpenApiParameter(
        "status", description=gettext_lazy("Codes with commas between; “open” is every open one.")
    ),
    OpenApiParameter("tier", description=gettext_lazy("Codes with commas between.")),
    OpenApiParameter("assignee", description=gettext_lazy("A person's id, “me” or “none”.")),
    OpenApiParameter("team", description=gettext_lazy("A code.")),
    OpenApiParameter("product", description=gettext_lazy("A code.")),
    OpenApiParameter("organisation", description=gettext_lazy("A code.")),
    OpenApiParameter("tag", description=gettext_lazy("A tag as it is written; for staff.")),
    OpenApiParameter("q", description=gettext_lazy("A number, words, or a part of an organisation's name.")),
]


A_TICKET = OpenApiExample(
    "ticket",
    request_only=True,
    value={
        "subject": "月结报表看不到",
        "description": "合并底稿打开是**空白**。",
        "product": "yonyou-nc-cloud",
        "module": "reports",
        "impact": {
            "production_down": "partial",
            "users_affected": "department",
            "deadline": "month_end",
            "workaround": "none",
        },
    },
)
A_REPLY = OpenApiExample(
    "reply", request_only=True, value={"body": "请重新生成底稿后再打开。", "public": True}
)
A_STEP = OpenApiExample(
    "step", request_only=True, value={"action": "resolve", "version": 3, "resolution": "重新生成底稿后恢复。"}
)


class ConflictSerializer(ErrorSerializer):
    """Why an action was not taken, and what to go on with."""

    ticket = TicketSerializer(
        required=False,
        help_text=gettext_lazy("Where it has changed since it was read (`stale_version`): as it is now."),
    )
    actions = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text=gettext_lazy(
            "Where the action does not lead from here (`action_not_possible`): those that do."
        ),
    )


class TicketsView(ApiView):
    """All tickets the caller may see."""

    @extend_schema(
        operation_id="list_tickets",
        summary=gettext_lazy("List tickets, newest first"),
        description=gettext_lazy("Fifty a page, of those you may see the ones that match every filter."),
        tags=TAG,
        parameters=[*FILTERS, CURSOR],
        responses={200: paged(TicketSerializer, "TicketPage"), **errors(401, 422)},
    )
    def get(self, request: Request) -> Response:
        """Fifty a page, those that match every filter."""
        user = caller(request)
        chosen = filters.parse(request.query_params, user=user).checked()
        visible = Ticket.objects.visible_to(user).filter(chosen.condition)
        found, following = paging.newest_first(request, whole(visible))
        return paging.page(request, tickets_data(found, user=user, at=clock.now()), following)

    @extend_schema(
        operation_id="file_ticket",
        summary=gettext_lazy("File a ticket"),
        description=gettext_lazy(
            "The answer has the tier that follows from the impact, the reason for it, and when we answer."
        ),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=NewTicketSerializer,
        examples=[A_TICKET],
        responses={201: TicketSerializer, **errors(400, 401, 403, 413, 415, 422, 429)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """File a ticket of one's own; the answer has its tier and the reason for it."""
        user, at = caller(request), clock.now()
        form = NewTicketSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        files = uploads(form.validated_data.get("attachments", []), uploader=user)
        ticket = open_ticket(
            requester=form.requester_for(user),
            actor=user,
            draft=form.draft,
            at=at,
            channel=Channel.API,
            attachments=files,
        )
        return Response(ticket_data(again(ticket), user=user, at=at), status=201)


class TicketView(ApiView):
    """One ticket."""

    @extend_schema(
        operation_id="read_ticket",
        summary=gettext_lazy("Read a ticket"),
        description=gettext_lazy("Its `actions` are those you may take now."),
        tags=TAG,
        responses={200: TicketSerializer, **errors(401, 404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """The ticket as it is now, with the actions its caller may take."""
        user = caller(request)
        return Response(ticket_data(find(user, number), user=user, at=clock.now()))


class MessagesView(ApiView):
    """What was said on a ticket."""

    @extend_schema(
        operation_id="list_messages",
        summary=gettext_lazy("Read the conversation"),
        description=gettext_lazy("Oldest first. Notes among staff are shown to the ticket's team only."),
        tags=TAG,
        responses={200: MessagesSerializer, **errors(401, 404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """Every message, oldest first; notes among staff for the ticket's own team only."""
        user = caller(request)
        ticket = find(user, number)
        messages = conversation(ticket, internal=policies.may_note(user, ticket))
        context = Reader(user, clock.now()).context
        return Response({"results": MessageSerializer(messages, many=True, context=context).data})


class RepliesView(ApiView):
    """Where a message is written."""

    @extend_schema(
        operation_id="reply",
        summary=gettext_lazy("Write a reply or a note"),
        description=gettext_lazy(
            "On a ticket that ended long ago a customer's words open a follow-up, on a merged one they are put "
            "where it goes on: the answer has the number."
        ),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=NewReplySerializer,
        examples=[A_REPLY],
        responses={201: ReplySerializer, **errors(400, 401, 403, 404, 413, 415, 422, 429)},
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Write on the ticket. On one that ended long ago, a customer's word opens a follow-up."""
        user, at = caller(request), clock.now()
        ticket = find(user, number)
        form = NewReplySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        done = reply(
            ticket_id=ticket.pk,
            author=user,
            body=form.validated_data["body"],
            public=form.validated_data["public"],
            at=at,
            channel=Channel.API,
            attachments=uploads(form.validated_data.get("attachments", []), uploader=user),
        )
        said = {
            "ticket": (done.ticket if sees(user, done.ticket) else ticket).number,
            "follow_up": done.message is None,
            "message": done.message,
        }
        return Response(ReplySerializer(said, context=Reader(user, at).context).data, status=201)


class TransitionsView(ApiView):
    """Where an action is taken."""

    @extend_schema(
        operation_id="take_action",
        summary=gettext_lazy("Take an action"),
        description=gettext_lazy(
            "`actions` of the ticket says which there are. Some need more: assign an assignee, hand_over a "
            "team, resolve a resolution, reject and reopen a reason, set_tier a tier, merge the number of the "
            "ticket it goes on in."
        ),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=StepSerializer,
        examples=[A_STEP],
        responses={
            200: TicketSerializer,
            409: OpenApiResponse(
                ConflictSerializer,
                description=gettext_lazy("The ticket has changed, or the action does not lead on from here."),
            ),
            **errors(400, 401, 403, 404, 413, 415, 422),
        },
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Move the ticket, or hand it to somebody. Which actions there are, its `actions` say."""
        user, at = caller(request), clock.now()
        ticket = find(user, number)
        form = StepSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changed = transition(
            ticket_id=ticket.pk,
            action=form.validated_data["action"],
            actor=user,
            at=at,
            version=form.validated_data["version"],
            inputs=form.inputs(user),
        )
        return Response(ticket_data(again(changed), user=user, at=at))


class HistoryView(ApiView):
    """What was done with a ticket."""

    @extend_schema(
        operation_id="list_history",
        summary=gettext_lazy("Read the history"),
        description=gettext_lazy("Oldest first, in codes and data."),
        tags=TAG,
        responses={200: ChangesSerializer, **errors(401, 404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """Every change, oldest first, as far as it is the caller's to know."""
        user = caller(request)
        ticket = find(user, number)
        inside = policies.may_note(user, ticket)
        entries = [entry for entry in history_of(ticket) if inside or entry.is_public]
        context = Reader(user, clock.now()).context
        return Response({"results": changes_data(entries, context=context, inside=inside)})
