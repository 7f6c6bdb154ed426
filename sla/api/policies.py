"""Policies over REST."""

from datetime import timedelta
from typing import Any

from django.core.validators import validate_slug
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ContractLevel, Organisation
from api.fields import Choice, Code, Instant, Text
from api.idempotency import idempotent
from api.schema import IDEMPOTENCY_KEY, errors
from api.views import ApiView, caller
from catalog.models import Category, Product
from common import clock
from common.errors import NotAllowed
from sla.models import Calendar, Policy, Recalculation
from sla.models.policy import LONGEST
from sla.preview import preview
from sla.services.policies import PolicyPlan, StepPlan, TargetPlan, save_policy
from sla.vocabulary import Escalation, Metric
from tickets.vocabulary import Tier

NAME_LENGTH = 80
MOST_STEPS = 60


class Coded(Code):
    """A row by its code, both ways."""

    def to_representation(self, value: Any) -> str:
        """Its code."""
        return str(value.code)


@extend_schema_field(float)
class Seconds(serializers.FloatField):
    """A length of time in seconds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LONGEST.total_seconds(), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The length. Raises ValidationError for what is no number."""
        return super().to_internal_value(data)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The length, once it is known to be within bounds."""
        seconds = super().run_validation(data)
        return timedelta(seconds=seconds) if isinstance(seconds, float | int) else seconds

    def to_representation(self, value: Any) -> Any:
        """Its seconds."""
        return float(value.total_seconds())


class TargetSerializer(serializers.Serializer[Any]):
    """What is promised for a metric and tier."""

    metric = Choice(Metric.choices)
    tier = Choice(Tier.choices)
    within = Seconds(help_text=gettext_lazy("Seconds of working time."))
    calendar = Coded(Calendar, allow_null=True, default=None)


class MilestoneSerializer(serializers.Serializer[Any]):
    """What happens at a share of the time."""

    share = serializers.IntegerField(min_value=1, max_value=1000, help_text=gettext_lazy("In per cent."))
    metric = Choice([("", ""), *Metric.choices], default="")
    tell_holder = serializers.BooleanField(default=True)
    tell_team = serializers.BooleanField(default=False)
    tell_leads = serializers.BooleanField(default=False)
    action = Choice(Escalation.choices, default="")


class PolicySerializer(serializers.Serializer[Any]):
    """All of a policy; a PUT of it takes its place. Conditions that are null or empty fit everything."""

    code = serializers.CharField(read_only=True)
    name_zh = Text(max_length=NAME_LENGTH)
    name_en = Text(max_length=NAME_LENGTH)
    position = serializers.IntegerField(min_value=0, max_value=32_767, default=100)
    is_active = serializers.BooleanField(default=True)
    organisation = Coded(Organisation, allow_null=True, default=None)
    contract_level = Choice([("", ""), *ContractLevel.choices], default="")
    product = Coded(Product, allow_null=True, default=None)
    category = Coded(Category, allow_null=True, default=None)
    tier = Choice([("", ""), *Tier.choices], default="")
    calendar = Coded(Calendar)
    vendor_pauses = serializers.BooleanField(default=False)
    grace = Seconds(default=timedelta(minutes=15), help_text=gettext_lazy("Seconds of working time."))
    repeats = serializers.BooleanField(default=True)
    targets = TargetSerializer(many=True, max_length=len(Metric) * len(Tier))  # type: ignore[call-arg]
    steps = MilestoneSerializer(many=True, max_length=MOST_STEPS, default=list)  # type: ignore[call-arg]

    @property
    def plan(self) -> PolicyPlan:
        """What was asked for."""
        said = {name: value for name, value in self.validated_data.items() if name != "code"}
        said["targets"] = [TargetPlan(**each) for each in said["targets"]]
        said["steps"] = [StepPlan(**each) for each in said["steps"]]
        return PolicyPlan(**said)


class NewPolicySerializer(PolicySerializer):
    """The same, with the code it is to have."""

    code = Text(max_length=40, validators=[validate_slug])


class PromiseSerializer(serializers.Serializer[Any]):
    """What a ticket filed now would be promised."""

    tier = serializers.CharField()
    metric = serializers.CharField()
    policy = serializers.CharField(source="policy.code")
    calendar = serializers.CharField(source="calendar.code")
    warned_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)


class RecalculationSerializer(serializers.Serializer[Any]):
    """How far open clocks have followed an edit."""

    requested_at = Instant()
    finished_at = Instant(allow_null=True)
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    changed = serializers.IntegerField()


class PoliciesView(ApiView):
    """All policies."""

    @extend_schema(
        operation_id="list_policies",
        summary=gettext_lazy("List the policies"),
        tags=["policies"],
        responses={200: PolicySerializer(many=True), **errors(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """For managers and administrators, in the order they are asked."""
        return Response(PolicySerializer(_editable(request), many=True).data)

    @extend_schema(
        operation_id="add_policy",
        summary=gettext_lazy("Add a policy"),
        tags=["policies"],
        parameters=[IDEMPOTENCY_KEY],
        request=NewPolicySerializer,
        responses={201: PolicySerializer, **errors(400, 401, 403, 415, 422)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A policy of another code than those there are."""
        _editable(request)
        asked = NewPolicySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = save_policy(code=asked.validated_data["code"], plan=asked.plan, at=clock.now(), new=True)
        return Response(PolicySerializer(_found(request, made.code)).data, status=201)


class PolicyView(ApiView):
    """One policy."""

    @extend_schema(
        operation_id="read_policy",
        summary=gettext_lazy("Read a policy"),
        tags=["policies"],
        responses={200: PolicySerializer, **errors(401, 403, 404)},
    )
    def get(self, request: Request, policy: str) -> Response:
        """With its targets and milestones."""
        return Response(PolicySerializer(_found(request, policy)).data)

    @extend_schema(
        operation_id="replace_policy",
        summary=gettext_lazy("Replace what a policy says"),
        description=gettext_lazy("Open promises follow within seconds; finished ones stay as they were."),
        tags=["policies"],
        request=PolicySerializer,
        responses={200: PolicySerializer, **errors(400, 401, 403, 404, 415, 422)},
    )
    def put(self, request: Request, policy: str) -> Response:
        """The policy as it is from now on."""
        _found(request, policy)
        asked = PolicySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        save_policy(code=policy, plan=asked.plan, at=clock.now())
        return Response(PolicySerializer(_found(request, policy)).data)


class PolicyPreviewView(ApiView):
    """What the policy promises just now."""

    @extend_schema(
        operation_id="preview_policy",
        summary=gettext_lazy("When a ticket filed now would be due"),
        tags=["policies"],
        responses={200: PromiseSerializer(many=True), **errors(401, 403, 404)},
    )
    def get(self, request: Request, policy: str) -> Response:
        """Of a ticket that the policy's conditions fit, per tier and metric."""
        rows = preview(_found(request, policy), at=clock.now())
        return Response(PromiseSerializer(rows, many=True).data)


class RecalculationsView(ApiView):
    """Edits that open clocks follow."""

    @extend_schema(
        operation_id="list_recalculations",
        summary=gettext_lazy("How far open clocks have followed the latest edits"),
        tags=["policies"],
        responses={200: RecalculationSerializer(many=True), **errors(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """The latest twenty."""
        _editable(request)
        return Response(RecalculationSerializer(Recalculation.objects.all()[:20], many=True).data)


def _editable(request: Request) -> QuerySet[Policy]:
    if not caller(request).edits_calendars:
        raise NotAllowed(_("Policies are read and changed by managers and administrators."))
    related = Policy.objects.select_related("organisation", "product", "category", "calendar")
    return related.prefetch_related("targets__calendar", "steps")


def _found(request: Request, code: str) -> Policy:
    found = _editable(request).filter(code=code).first()
    if found is None:
        raise Http404
    return found
