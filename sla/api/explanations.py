"""Why a promise is due when it is, over REST."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import Instant
from api.schema import errors
from api.views import ApiView, caller
from sla.explaining import Explanation, LineKind, PartKind
from sla.explanations import explanation_of
from sla.models import Clock
from sla.telling import About, tell
from sla.vocabulary import ClockState, Metric, WaitFor
from tickets import policies
from tickets.models import Ticket
from tickets.vocabulary import Tier
from tickets.workflow import Party

WHY = ("tier", "organisation", "rules", "")


class Seconds(serializers.FloatField):
    """A length of time in seconds."""

    def to_representation(self, value: timedelta) -> Any:  # type: ignore[override]
        """Exact to the microsecond."""
        return value.total_seconds()


class ClockPartSerializer(serializers.Serializer[Any]):
    """A stretch of a day."""

    kind = serializers.ChoiceField([kind.value for kind in PartKind])
    start = Instant(source="since")
    end = Instant(source="until")
    seconds = Seconds(source="length")
    reason = serializers.ChoiceField(["", *WaitFor.values], help_text=_("Whose a pause is."))


class ClockLineSerializer(serializers.Serializer[Any]):
    """A day, days off in a row, or days left out for brevity."""

    kind = serializers.ChoiceField([kind.value for kind in LineKind])
    first = serializers.DateField()
    last = serializers.DateField()
    days = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())
    parts = ClockPartSerializer(many=True)
    counted_seconds = Seconds(source="counted")
    paused_seconds = Seconds(source="paused")
    total_seconds = Seconds(source="total", help_text=_("Counted up to the end of the line."))


class ClockPauseSerializer(serializers.Serializer[Any]):
    """A wait for somebody else."""

    reason = serializers.ChoiceField(WaitFor.values, source="wait.reason")
    pauses = serializers.BooleanField(
        source="wait.pauses", help_text=_("Whether the promise rested meanwhile.")
    )
    start = Instant(source="wait.since")
    end = Instant(source="wait.until", allow_null=True)
    added_seconds = Seconds(source="added", help_text=_("Working time by which it moved the due moment."))


class NewPromiseSerializer(serializers.Serializer[Any]):
    """Another promise from an instant on."""

    at = Instant()
    old_due_at = Instant()
    due_at = Instant()
    tier = serializers.ChoiceField(Tier.choices)
    grace = serializers.BooleanField()
    why = serializers.ChoiceField(WHY, help_text=_("Members of staff read why; empty for others."))


class ClockSplitSerializer(serializers.Serializer[Any]):
    """Whose the time was: the four together are the time on the wall."""

    ours_seconds = Seconds(source="ours")
    vendor_seconds = Seconds(source="vendor")
    customer_seconds = Seconds(source="customer")
    off_seconds = Seconds(source="off", help_text=_("Outside working hours."))


class ExplanationSerializer(serializers.Serializer[Any]):
    """Why a promise is due when it is."""

    metric = serializers.ChoiceField(Metric.choices)
    cycle = serializers.IntegerField()
    tier = serializers.ChoiceField(Tier.choices)
    state = serializers.ChoiceField(ClockState.choices, source="it.reading.state")
    calendar = serializers.CharField(source="it.calendar", help_text=_("In the caller's language."))
    time_zone = serializers.CharField(source="it.reading.calendar.zone.key", help_text=_("Of the days."))
    started_at = Instant(source="it.reading.started_at")
    due_at = Instant(source="it.reading.due_at")
    paused_at = Instant(source="it.reading.paused_at", allow_null=True)
    stopped_at = Instant(source="it.reading.stopped_at", allow_null=True)
    breached_at = Instant(source="it.reading.breached_at", allow_null=True)
    within_seconds = Seconds(source="it.reading.within", help_text=_("Working time promised."))
    allowed_seconds = Seconds(
        source="it.reading.allowed",
        help_text=_("Working time given: more than promised where a grace was given."),
    )
    unplaced_seconds = Seconds(source="it.unplaced", help_text=_("Pauses of which only the length is known."))
    lines = ClockLineSerializer(many=True, source="it.lines")
    pauses = ClockPauseSerializer(many=True, source="it.pauses")
    changes = NewPromiseSerializer(many=True)
    split = ClockSplitSerializer(source="it.split", allow_null=True)
    sentences = serializers.ListField(
        child=serializers.CharField(), help_text=_("All of it in the caller's language.")
    )


class ExplanationView(ApiView):
    """The explanation of one promise."""

    @extend_schema(
        operation_id="explain_clock",
        summary=_("Explain why a promise is due when it is"),
        tags=["tickets"],
        parameters=[
            OpenApiParameter("metric", OpenApiTypes.STR, OpenApiParameter.PATH, enum=Metric.values),
            OpenApiParameter("cycle", OpenApiTypes.INT, OpenApiParameter.PATH),
        ],
        responses={200: ExplanationSerializer, **errors(401, 404)},
    )
    def get(self, request: Request, number: str, metric: str, cycle: int) -> Response:
        """In codes and instants, and in sentences."""
        user = caller(request)
        ticket = Ticket.objects.visible_to(user).numbered(number).first()
        clock = Clock.objects.filter(ticket=ticket, metric=metric, cycle=cycle).first() if ticket else None
        if ticket is None or clock is None:
            raise Http404
        plain = Party.AGENT not in policies.parties(user, ticket)
        return Response(ExplanationSerializer(_written(clock, explanation_of(clock), plain=plain)).data)


def _written(clock: Clock, it: Explanation, *, plain: bool) -> dict[str, Any]:
    about = About(metric=clock.metric, cycle=clock.cycle, tier=clock.tier, plain=plain)
    return {
        "metric": clock.metric,
        "cycle": clock.cycle,
        "tier": clock.tier,
        "it": it,
        "changes": [replace(change, why="") if plain else change for change in it.changes],
        "sentences": [row.sentence for row in tell(it, about)],
    }
