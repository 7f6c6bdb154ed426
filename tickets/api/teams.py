"""Who is there, and leave that another system knows of."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.availability import State
from accounts.models import Assignment, Leave, LeaveKind, User
from accounts.policies import manages_person
from accounts.services.presence import NOTE_LENGTH, add_leave, end_leave
from api.fields import LARGEST, Choice, Instant, Text
from api.idempotency import idempotent
from api.schema import IDEMPOTENCY_KEY, errors
from api.views import ApiView, caller
from common import clock
from common.errors import InvalidInput, NotAllowed
from tickets import choices
from tickets.api.inputs import Moment
from tickets.crew import Member, crew_of

TAG = ["teams"]


class MemberSerializer(serializers.Serializer[Any]):
    """Somebody of a team, as they stand now."""

    id = serializers.IntegerField(source="user.pk")
    name = serializers.CharField(source="user.name")
    leads = serializers.BooleanField()
    gets_tickets = serializers.BooleanField(
        source="in_rotation", help_text=gettext_lazy("Where the desk assigns the team's tickets by itself.")
    )
    presence = serializers.ChoiceField(
        [state.value for state in State],
        source="presence.state",
        help_text=gettext_lazy("Whether they are there."),
    )
    until = Instant(
        source="presence.until",
        allow_null=True,
        help_text=gettext_lazy(
            "When a leave or duty ends, or who is off work comes; null: not known, or at work."
        ),
    )
    open = serializers.DictField(
        child=serializers.IntegerField(), help_text=gettext_lazy("Their open tickets by tier.")
    )


class TeamSerializer(serializers.Serializer[Any]):
    """A team and its people."""

    code = serializers.CharField()
    name = serializers.CharField(help_text=gettext_lazy("In the caller's language."))
    assignment = serializers.ChoiceField(Assignment.choices)
    open_cap = serializers.IntegerField(
        allow_null=True,
        help_text=gettext_lazy("Who holds that many is given no more by the desk; null: no limit."),
    )
    people = MemberSerializer(many=True)


class TeamsSerializer(serializers.Serializer[Any]):
    """The teams of the caller."""

    results = TeamSerializer(many=True)


class LeaveSerializer(serializers.Serializer[Any]):
    """A time somebody is away; the end is not included."""

    id = serializers.IntegerField()
    person = serializers.IntegerField(source="user_id")
    starts_at = Instant()
    ends_at = Instant()
    kind = serializers.ChoiceField(LeaveKind.choices)
    note = serializers.CharField()


class NewLeaveSerializer(serializers.Serializer[Any]):
    """A leave to be entered."""

    person = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST,
        help_text=gettext_lazy("The id of a person; the caller's own or of a team they lead."),
    )
    starts_at = Moment()
    ends_at = Moment()
    kind = Choice(LeaveKind.choices, required=False, default=LeaveKind.ANNUAL)
    note = Text(required=False, allow_blank=True, default="", max_length=NOTE_LENGTH)


class TeamsView(ApiView):
    """The teams of the caller with everybody in them."""

    @extend_schema(
        operation_id="list_teams",
        summary=gettext_lazy("Read who is there"),
        description=gettext_lazy("For members of staff: their teams, with what each of their people holds."),
        tags=TAG,
        responses={200: TeamsSerializer, **errors(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """A fixed number of queries."""
        user = _agent(request)
        teams = choices.teams_of(user)
        crew: dict[int, list[Member]] = {team.pk: [] for team in teams}
        for member in crew_of(list(crew), at=clock.now()):
            crew[member.team_id].append(member)
        rows = [
            {
                "code": team.code,
                "name": team.name,
                "assignment": team.assignment,
                "open_cap": team.open_cap,
                "people": crew[team.pk],
            }
            for team in teams
        ]
        return Response(TeamsSerializer({"results": rows}).data)


class LeavesView(ApiView):
    """Where a leave is entered."""

    @extend_schema(
        operation_id="add_leave",
        summary=gettext_lazy("Enter a leave"),
        description=gettext_lazy("One's own, or, for those who lead a team, of somebody in it."),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=NewLeaveSerializer,
        responses={201: LeaveSerializer, **errors(400, 401, 403, 413, 415, 422)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """For members of staff."""
        user, at = _agent(request), clock.now()
        form = NewLeaveSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        person = User.objects.filter(pk=said.pop("person")).first()
        if person is None or not _may_say(user, person):
            raise InvalidInput({"person": [_("There is no such person in your teams.")]})
        leave = add_leave(user=person, by=user, at=at, **said)
        return Response(LeaveSerializer(leave).data, status=201)


class LeaveView(ApiView):
    """One leave."""

    @extend_schema(
        operation_id="end_leave",
        summary=gettext_lazy("Take a leave back, or end it now"),
        tags=TAG,
        responses={204: None, **errors(401, 403, 404)},
    )
    def delete(self, request: Request, leave: int) -> Response:
        """One that has not begun is gone afterwards; one that has ends now."""
        user = _agent(request)
        found = Leave.objects.select_related("user").filter(pk=leave).first()
        if found is None or not _may_say(user, found.user):
            raise Http404
        end_leave(leave_id=found.pk, by=user, at=clock.now())
        return Response(status=204)


def _agent(request: Request) -> User:
    user = caller(request)
    if not user.is_agent:
        raise NotAllowed(_("This is for members of staff."))
    return user


def _may_say(user: User, person: User) -> bool:
    return person == user or manages_person(user, person)
