"""The questionnaire over REST: whoever holds the link's token is let in, and nobody has to sign in."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import read_as
from api.fields import Choice, Instant, Text
from api.idempotency import answered_once
from api.schema import IDEMPOTENCY_KEY, ErrorSerializer, errors
from api.views import ApiView
from common import clock
from surveys.models import Answer, Invitation, Solved
from surveys.selectors import invitation_by_token
from surveys.services.answering import (
    COMMENT_LENGTH,
    RECOMMENDATION,
    SATISFACTION,
    Said,
    answer,
    may_answer,
)

TAG = ["surveys"]


class SaidSerializer(serializers.Serializer[Any]):
    """What the customer says; only the first question has to be answered."""

    solved = Choice(Solved.choices, error_messages={"required": _("Tell us whether it is solved.")})
    satisfaction = serializers.IntegerField(
        min_value=SATISFACTION.start, max_value=SATISFACTION.stop - 1, allow_null=True, default=None
    )
    recommend = serializers.IntegerField(
        min_value=RECOMMENDATION.start, max_value=RECOMMENDATION.stop - 1, allow_null=True, default=None
    )
    comment = Text(max_length=COMMENT_LENGTH, allow_blank=True, default="")


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer as it is stored."""

    solved = serializers.ChoiceField(Solved.choices)
    satisfaction = serializers.IntegerField(allow_null=True)
    recommend = serializers.IntegerField(allow_null=True)
    comment = serializers.CharField()
    answered_at = Instant()
    changed_at = Instant(allow_null=True)


class SurveySerializer(serializers.Serializer[Any]):
    """A questionnaire, and what was answered so far."""

    ticket = serializers.CharField(source="invitation.resolution.ticket.number")
    subject = serializers.CharField(source="invitation.resolution.ticket.subject")
    open = serializers.BooleanField(help_text=_("Whether it can be answered, or the answer changed, now."))
    asks_recommendation = serializers.BooleanField(
        source="invitation.asks_recommendation",
        help_text=_("False: asked lately; a recommendation sent all the same is not kept."),
    )
    expires_at = Instant(source="invitation.expires_at", allow_null=True)
    answer = AnswerSerializer(allow_null=True)


class SurveyView(ApiView):
    """One questionnaire, by the token of its link."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(
        operation_id="read_survey",
        summary=_("Read a questionnaire"),
        description=_("The token of the link lets in, no sign-in is needed. Looking records nothing."),
        tags=TAG,
        auth=[],
        responses={200: SurveySerializer, **errors(404)},
    )
    def get(self, request: Request, token: str) -> Response:
        """Look at it; that records nothing."""
        return Response(_shown(_opened(request, token)))

    @extend_schema(
        operation_id="answer_survey",
        summary=_("Answer a questionnaire"),
        description=_("The answer may be changed for 12 hours. “No” opens the ticket again."),
        tags=TAG,
        auth=[],
        parameters=[IDEMPOTENCY_KEY],
        request=SaidSerializer,
        responses={
            200: OpenApiResponse(SurveySerializer, description=_("The answer was changed.")),
            201: SurveySerializer,
            409: OpenApiResponse(ErrorSerializer, description=_("Its time is over (`survey_closed`).")),
            **errors(400, 404, 413, 415, 422),
        },
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        """Store the answer, or change it within 12 hours. “No” opens the ticket again."""
        invitation = _opened(request, token)
        return answered_once(self, request, invitation.recipient, lambda: _take(request, invitation))


def _opened(request: Request, token: str) -> Invitation:
    """The invitation behind a token, its recipient's language and time zone holding from here on."""
    invitation = invitation_by_token(token)
    if invitation is None:
        raise Http404
    read_as(request._request, invitation.recipient)
    return invitation


def _take(request: Request, invitation: Invitation) -> Response:
    form = SaidSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    changes = _answer_of(invitation) is not None
    invitation.answer = answer(invitation_id=invitation.pk, said=Said(**form.validated_data), at=clock.now())
    return Response(_shown(invitation), status=200 if changes else 201)


def _shown(invitation: Invitation) -> dict[str, Any]:
    given = _answer_of(invitation)
    said = {
        "invitation": invitation,
        "answer": given,
        "open": may_answer(invitation, given, at=clock.now()),
    }
    return dict(SurveySerializer(said).data)


def _answer_of(invitation: Invitation) -> Answer | None:
    return getattr(invitation, "answer", None)
