"""Monthly statements over REST."""

from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import Instant
from api.schema import errors
from api.views import ApiView, caller
from common import clock
from common.errors import InvalidInput
from dashboards.periods import Period
from dashboards.statement import NotBegun, parse_month, readable, statement
from sla.vocabulary import Metric
from tickets.vocabulary import Tier


class Seconds(serializers.FloatField):
    """A length of time in seconds."""

    def to_representation(self, value: timedelta) -> Any:  # type: ignore[override]
        """Exact to the microsecond."""
        return value.total_seconds()


class KeptSerializer(serializers.Serializer[Any]):
    """What became of the promises of a metric and tier."""

    metric = serializers.ChoiceField(Metric.choices)
    tier = serializers.ChoiceField(Tier.choices)
    promised = serializers.IntegerField(source="attainment.n")
    met = serializers.IntegerField(source="attainment.met")
    breached = serializers.IntegerField(source="attainment.breached")
    attainment = serializers.FloatField(source="attainment.value", help_text=gettext_lazy("From 0 to 1."))


class MissSerializer(serializers.Serializer[Any]):
    """A promise that was not kept. The four lengths are the time from its start to its end."""

    ticket = serializers.CharField(source="number")
    subject = serializers.CharField(
        help_text=gettext_lazy("Empty where the ticket is not the caller's to see.")
    )
    metric = serializers.ChoiceField(Metric.choices)
    cycle = serializers.IntegerField()
    tier = serializers.ChoiceField(Tier.choices)
    due_at = Instant()
    ended_at = Instant(allow_null=True, help_text=gettext_lazy("Null while it is still owed."))
    late_seconds = Seconds(source="late")
    ours_seconds = Seconds(source="split.ours")
    vendor_seconds = Seconds(source="split.vendor")
    customer_seconds = Seconds(source="split.customer")
    off_seconds = Seconds(source="split.off", help_text=gettext_lazy("Outside working hours."))


class StatementSerializer(serializers.Serializer[Any]):
    """An organisation's month."""

    organisation = serializers.CharField(source="organisation.code")
    name = serializers.CharField(source="organisation.label")
    start = Instant(source="month.start_at")
    end = Instant(source="month.end_at", help_text=gettext_lazy("Where the next month begins, in Shanghai."))
    as_of = Instant(source="at")
    final = serializers.BooleanField(source="is_final", help_text=gettext_lazy("Whether the month is over."))
    filed = serializers.IntegerField()
    resolved = serializers.IntegerField()
    kept = KeptSerializer(many=True)
    misses = MissSerializer(many=True)


class StatementView(ApiView):
    """The statement of one organisation and month."""

    @extend_schema(
        operation_id="read_statement",
        summary=gettext_lazy("Read an organisation's monthly statement"),
        description=gettext_lazy("For managers, administrators, and the organisation's own contact manager."),
        tags=["figures"],
        parameters=[
            OpenApiParameter(
                "month", OpenApiTypes.STR, OpenApiParameter.PATH, description=gettext_lazy("Such as 2026-11.")
            )
        ],
        responses={200: StatementSerializer, **errors(401, 404, 422)},
    )
    def get(self, request: Request, organisation: str, month: str) -> Response:
        """What was promised, what was kept, and every promise that was not."""
        found = readable(caller(request)).filter(code=organisation).first()
        if found is None:
            raise Http404
        try:
            told = statement(found, _month(month), reader=caller(request), at=clock.now())
        except NotBegun as error:
            raise InvalidInput({"month": [_("This month has not begun yet.")]}) from error
        return Response(StatementSerializer(told).data)


def _month(text: str) -> Period:
    try:
        return parse_month(text)
    except ValueError as error:
        raise InvalidInput({"month": [_("Write a month such as 2026-11.")]}) from error
