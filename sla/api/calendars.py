"""Calendars over REST."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.schema import errors
from api.views import ApiView, caller
from common import clock
from common.errors import InvalidInput, NotAllowed
from sla.api.serializers import CalendarSerializer, YearDaySerializer
from sla.calendar_year import special_days_of
from sla.models import Calendar
from sla.services.calendars import FIRST_YEAR, LAST_YEAR, save_calendar

YEAR = OpenApiParameter(
    "year", OpenApiTypes.INT, description=gettext_lazy("Such as 2026; this one unless given.")
)


class CalendarsView(ApiView):
    """All calendars."""

    @extend_schema(
        operation_id="list_calendars",
        summary=gettext_lazy("List the calendars"),
        tags=["calendars"],
        responses={200: CalendarSerializer(many=True), **errors(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """For members of staff, in their order."""
        return Response(CalendarSerializer(_readable(request), many=True).data)


class CalendarView(ApiView):
    """One calendar."""

    @extend_schema(
        operation_id="read_calendar",
        summary=gettext_lazy("Read a calendar"),
        tags=["calendars"],
        responses={200: CalendarSerializer, **errors(401, 403, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """With its hours and its own special days."""
        return Response(CalendarSerializer(_found(request, code)).data)

    @extend_schema(
        operation_id="replace_calendar",
        summary=gettext_lazy("Replace what a calendar says"),
        description=gettext_lazy("For managers and administrators. Open promises follow at once."),
        tags=["calendars"],
        request=CalendarSerializer,
        responses={200: CalendarSerializer, **errors(400, 401, 403, 404, 415, 422)},
    )
    def put(self, request: Request, code: str) -> Response:
        """The calendar as it is from now on."""
        calendar = _found(request, code)
        if not caller(request).edits_calendars:
            raise NotAllowed(_("Calendars are changed by managers and administrators."))
        asked = CalendarSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        save_calendar(code=code, plan=asked.plan(calendar), at=clock.now())
        return Response(CalendarSerializer(_found(request, code)).data)


class CalendarDaysView(ApiView):
    """The special days of a year."""

    @extend_schema(
        operation_id="list_calendar_days",
        summary=gettext_lazy("List the dates of a year on which other hours hold"),
        tags=["calendars"],
        parameters=[YEAR],
        responses={200: YearDaySerializer(many=True), **errors(401, 403, 404, 422)},
    )
    def get(self, request: Request, code: str) -> Response:
        """Own days and statutory ones, as they hold."""
        days = special_days_of(_found(request, code), _year(request.query_params.get("year", "")))
        return Response(YearDaySerializer(days, many=True).data)


def _readable(request: Request) -> QuerySet[Calendar]:
    if not caller(request).is_agent:
        raise NotAllowed(_("Calendars are read by members of staff."))
    return Calendar.objects.prefetch_related("intervals", "days", "versions")


def _found(request: Request, code: str) -> Calendar:
    calendar = _readable(request).filter(code=code).first()
    if calendar is None:
        raise Http404
    return calendar


def _year(said: Any) -> int:
    if not said:
        return timezone.localtime(clock.now()).year
    if said.isascii() and said.isdigit() and len(said) == 4 and FIRST_YEAR <= int(said) <= LAST_YEAR:
        return int(said)
    text = _("Choose a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
    raise InvalidInput({"year": [text]})
