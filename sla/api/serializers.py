"""Calendars as REST speaks of them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import validate_time_zone
from api.fields import Choice, Text
from catalog.models import DayKind
from sla.calendar import Span
from sla.models import Calendar
from sla.services.calendars import MOST_DAYS, NAME_LENGTH, CalendarPlan, SpecialDay, hours_of
from sla.walltime import minute_text, parse_minute

# More intervals than anybody has in a day.
MOST_SPANS = 24


class Minute(Text):
    """A minute of the local day, such as 09:00 or 24:00."""

    def to_internal_value(self, data: Any) -> Any:
        """Minutes since midnight. Raises ValidationError."""
        try:
            return parse_minute(super().to_internal_value(data))
        except ValueError as error:
            text = _("Write a time between 00:00 and 24:00, such as 09:00.")
            raise serializers.ValidationError(text) from error

    def to_representation(self, value: Any) -> str:
        """09:00."""
        return minute_text(value)


class SpanSerializer(serializers.Serializer[Any]):
    """Working hours of a day, half-open."""

    start = Minute(help_text=_("Local time, such as 09:00."))
    end = Minute(help_text=_("Local time; the end of the day is 24:00."))

    def to_internal_value(self, data: Any) -> Any:
        """A span in minutes."""
        said = super().to_internal_value(data)
        return said["start"], said["end"]

    def to_representation(self, instance: Span) -> dict[str, Any]:
        """Start and end as local times."""
        return super().to_representation({"start": instance[0], "end": instance[1]})


class SpecialDaySerializer(serializers.Serializer[Any]):
    """A date on which other hours hold."""

    date = serializers.DateField()
    kind = Choice(DayKind.choices)
    name = Text(max_length=NAME_LENGTH, allow_blank=True, default="")
    as_weekday = serializers.IntegerField(
        min_value=0,
        max_value=6,
        default=0,
        help_text=_("Whose hours a make-up workday takes over; 0 is Monday."),
    )

    def to_internal_value(self, data: Any) -> Any:
        """The day as a service takes it."""
        return SpecialDay(**super().to_internal_value(data))


class CalendarSerializer(serializers.Serializer[Any]):
    """All of a calendar; a PUT of it takes its place."""

    code = serializers.CharField(read_only=True)
    name_zh = Text(max_length=NAME_LENGTH)
    name_en = Text(max_length=NAME_LENGTH)
    time_zone = Text(max_length=40, help_text=_("Such as Asia/Shanghai."))
    uses_statutory_days = serializers.BooleanField(
        help_text=_("Whether China's days off and make-up workdays hold.")
    )
    is_active = serializers.BooleanField(default=True)
    week = serializers.ListField(
        child=SpanSerializer(many=True, max_length=MOST_SPANS),  # type: ignore[call-arg]
        min_length=7,
        max_length=7,
        help_text=_("The hours of each weekday, Monday first."),
    )
    days = SpecialDaySerializer(  # type: ignore[call-arg]
        many=True, max_length=MOST_DAYS, required=False, help_text=_("Left out, they stay as they are.")
    )
    version = serializers.SerializerMethodField(
        help_text=_("Counts the states of its working time; open promises follow each.")
    )

    def validate_time_zone(self, value: str) -> str:
        """One that exists."""
        validate_time_zone(value)
        return value

    def get_version(self, calendar: Calendar) -> int:
        """The number of the version that holds."""
        return max((version.number for version in calendar.versions.all()), default=0)

    def to_representation(self, instance: Calendar) -> dict[str, Any]:
        """With the hours gathered by weekday."""
        instance.week = hours_of(instance)  # type: ignore[attr-defined]
        return super().to_representation(instance)

    def plan(self, calendar: Calendar) -> CalendarPlan:
        """What was asked for."""
        said = dict(self.validated_data)
        said["week"] = tuple(tuple(spans) for spans in said["week"])
        if "days" in said:
            said["days"] = tuple(said["days"])
        return CalendarPlan(position=calendar.position, **said)


class YearDaySerializer(serializers.Serializer[Any]):
    """A date that differs from its weekday."""

    date = serializers.DateField()
    kind = serializers.ChoiceField(DayKind.choices)
    name = serializers.CharField()
    source = serializers.ChoiceField(["own", "statutory"])  # type: ignore[assignment]
    hours = SpanSerializer(many=True)
