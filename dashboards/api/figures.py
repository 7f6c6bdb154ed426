"""The figures over REST."""

import zoneinfo
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.schema import errors
from api.views import ApiView, caller
from common import clock
from common.errors import NotAllowed
from dashboards import asking
from dashboards.periods import Preset
from dashboards.selectors import figures

PARAMETERS = [
    OpenApiParameter("from", OpenApiTypes.DATE, description=gettext_lazy("The first day.")),
    OpenApiParameter(
        "to", OpenApiTypes.DATE, description=gettext_lazy("The day after the last one: half-open.")
    ),
    OpenApiParameter(
        "period",
        enum=[str(preset) for preset in Preset],
        description=gettext_lazy("Instead of dates; without either it is the last 30 days."),
    ),
    OpenApiParameter("team", description=gettext_lazy("A code.")),
    OpenApiParameter("product", description=gettext_lazy("A code.")),
    OpenApiParameter(
        "tz",
        description=gettext_lazy(
            "The zone whose days are meant, such as Asia/Shanghai; else the caller's own."
        ),
    ),
]


class _Share(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True, help_text=gettext_lazy("From 0 to 1; null where n is 0."))


class FcrSerializer(_Share):
    """First-contact resolution."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField(help_text=gettext_lazy("First resolutions 7 days old and more."))
    provisional = serializers.IntegerField(help_text=gettext_lazy("Younger ones, in neither number."))


class NpsSerializer(serializers.Serializer[Any]):
    """Net promoter score."""

    value = serializers.FloatField(
        allow_null=True, help_text=gettext_lazy("From -100 to 100; null where n is 0.")
    )
    promoters = serializers.IntegerField()
    passives = serializers.IntegerField()
    detractors = serializers.IntegerField()
    n = serializers.IntegerField()


class CsatSerializer(_Share):
    """Customer satisfaction."""

    numerator = serializers.IntegerField()
    n = serializers.IntegerField()


class ResponseRateSerializer(_Share):
    """Questionnaires answered among those sent."""

    answered = serializers.IntegerField(source="numerator")
    sent = serializers.IntegerField(source="denominator")


class AttainmentSerializer(_Share):
    """Promises of one metric and tier."""

    met = serializers.IntegerField()
    breached = serializers.IntegerField()


class TiersSerializer(serializers.Serializer[Any]):
    """One metric's promises by tier."""

    urgent = AttainmentSerializer()
    general = AttainmentSerializer()
    consultation = AttainmentSerializer()


class SlaSerializer(serializers.Serializer[Any]):
    """Promises by metric, then tier."""

    first_response = TiersSerializer()
    next_response = TiersSerializer()
    resolution = TiersSerializer()


class DurationsSerializer(serializers.Serializer[Any]):
    """Lengths of time."""

    median_seconds = serializers.FloatField(allow_null=True)
    p90_seconds = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()


class FiguresSerializer(serializers.Serializer[Any]):
    """The figures of a period, a team and a product."""

    opened = serializers.IntegerField()
    resolved = serializers.IntegerField()
    backlog = serializers.IntegerField(help_text=gettext_lazy("Open when the period ended, or now."))
    fcr = FcrSerializer()
    nps = NpsSerializer()
    csat = CsatSerializer()
    response_rate = ResponseRateSerializer()
    sla = SlaSerializer()
    first_response_time = DurationsSerializer()
    resolution_time = DurationsSerializer()


class FiguresView(ApiView):
    """The managers' figures."""

    @extend_schema(
        operation_id="read_figures",
        summary=gettext_lazy("Read the figures of a period"),
        tags=["figures"],
        parameters=PARAMETERS,
        responses={200: FiguresSerializer, **errors(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """For managers and administrators; the formulae are on the figures page."""
        if not caller(request).reads_figures:
            raise NotAllowed(_("Figures are read by managers and administrators."))
        at = clock.now()
        zone = zoneinfo.ZoneInfo(timezone.get_current_timezone_name())
        asked = asking.read(request.query_params, zone=zone, at=at)
        return Response(FiguresSerializer(figures(**vars(asked.scope), at=at)).data)
