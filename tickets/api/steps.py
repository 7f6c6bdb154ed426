"""Steps beside the table of actions: a logged call, and what is put right on a ticket."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.schema import IDEMPOTENCY_KEY, ErrorSerializer, errors
from api.views import ApiView, caller
from common import clock
from common.errors import NotAllowed
from tickets.api.conversation import ReplySerializer
from tickets.api.inputs import NewCallSerializer, NewOrganisationSerializer
from tickets.api.reading import again, find
from tickets.api.serializers import Reader, TicketSerializer, ticket_data
from tickets.api.views import TAG, ConflictSerializer
from tickets.services.calling import log_call
from tickets.services.rehoming import change_organisation
from tickets.services.taking import take_next


class CallsView(ApiView):
    """Where a phone call is put on a ticket."""

    @extend_schema(
        operation_id="log_call",
        summary=gettext_lazy("Log a phone call with the customer"),
        description=gettext_lazy(
            "For members of staff. It stands in the conversation and answers the customer at the moment it "
            "took place; no mail is sent."
        ),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=NewCallSerializer,
        responses={201: ReplySerializer, **errors(400, 401, 403, 404, 413, 415, 422)},
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Write down what was said, and when."""
        user, at = caller(request), clock.now()
        ticket = find(user, number)
        form = NewCallSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        done = log_call(ticket_id=ticket.pk, author=user, body=said["body"], at=at, called_at=said["at"])
        answer = {"ticket": done.ticket.number, "follow_up": False, "message": done.message}
        return Response(ReplySerializer(answer, context=Reader(user, at).context).data, status=201)


class NextView(ApiView):
    """Where the next ticket is taken."""

    @extend_schema(
        operation_id="take_next_ticket",
        summary=gettext_lazy("Take the most pressing ticket nobody holds"),
        description=gettext_lazy(
            "Of the caller's teams, and within their skills. Two who ask at once get one each; 204: there is none."
        ),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={
            200: TicketSerializer,
            204: None,
            409: OpenApiResponse(
                ErrorSerializer,
                description=gettext_lazy("All that wait ask for skills the caller does not have."),
            ),
            **errors(400, 401, 403, 415, 422),
        },
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """For members of staff."""
        user, at = caller(request), clock.now()
        if not user.is_agent:
            raise NotAllowed(_("Tickets are taken by members of staff."))
        taken = take_next(user=user, at=at)
        return Response(ticket_data(again(taken), user=user, at=at)) if taken else Response(status=204)


class OrganisationView(ApiView):
    """Which organisation a ticket belongs to."""

    @extend_schema(
        operation_id="change_organisation",
        summary=gettext_lazy("Move a ticket to another organisation"),
        description=gettext_lazy("For those who lead its team, and administrators."),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=NewOrganisationSerializer,
        responses={
            200: TicketSerializer,
            409: OpenApiResponse(
                ConflictSerializer, description=gettext_lazy("The ticket has changed since it was read.")
            ),
            **errors(400, 401, 403, 404, 413, 415, 422),
        },
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Give the ticket to an organisation, or to none."""
        user, at = caller(request), clock.now()
        ticket = find(user, number)
        form = NewOrganisationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changed = change_organisation(
            ticket_id=ticket.pk,
            organisation=form.validated_data["organisation"],
            actor=user,
            at=at,
            version=form.validated_data["version"],
        )
        return Response(ticket_data(again(changed), user=user, at=at))
