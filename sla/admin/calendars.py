"""Calendars in the admin site: stored through the service, which publishes a version."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import zones
from common import clock
from common.admin import NamedFields, NamedRows
from sla.calendar import Span
from sla.models import Calendar, CalendarDay, CalendarInterval
from sla.services.calendars import (
    CalendarPlan,
    SpecialDay,
    hours_of,
    reckoned,
    save_calendar,
    special_days,
    wrong_days,
    wrong_rest,
    wrong_week,
)
from sla.walltime import minute_text, parse_minute, spans_text

# A form has a limit of fields; what lies further ahead is edited on the calendar's page at the desk.
DAYS_SHOWN = 100


class MinuteField(forms.CharField):
    """A minute of the day as 09:00; the end of the day is 24:00."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.update({"size": 5, "maxlength": 5, "placeholder": "09:00"})

    def prepare_value(self, value: Any) -> Any:
        """As it is edited."""
        return minute_text(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Minutes since midnight. Raises ValidationError."""
        text = super().to_python(value)
        try:
            return parse_minute(text) if text else None
        except ValueError as error:
            raise ValidationError(_("Write a time between 00:00 and 24:00, such as 09:00.")) from error


class IntervalForm(forms.ModelForm):
    """Working hours of a weekday."""

    start = MinuteField(label=gettext_lazy("from"))
    end = MinuteField(label=gettext_lazy("to"))

    class Meta:
        model = CalendarInterval
        fields = ("weekday", "start", "end")

    def _get_validation_exclusions(self) -> set[str]:
        # The hours of a day are judged together, by the formset, in words of their own.
        return {*super()._get_validation_exclusions(), "start", "end"}  # type: ignore[misc]


class IntervalFormSet(NamedRows):
    """The hours of the week."""

    def clean(self) -> None:
        """Refuse what no calendar can be, and leave the hours for the days to be judged by."""
        spans: list[list[Span]] = [[] for _weekday in range(7)]
        for said in kept(self):
            if {"weekday", "start", "end"} <= set(said):
                spans[said["weekday"]].append((said["start"], said["end"]))
        self.instance.week = tuple(map(tuple, spans))
        if not any(self.errors):
            refuse(wrong_week(self.instance.week))


class DayFormSet(NamedRows):
    """The special days that are shown."""

    def validate_unique(self) -> None:
        """Judged in `clean`, which says it in our words."""

    def clean(self) -> None:
        """Refuse a date named twice, here or among those not shown, and hours that nobody has."""
        if any(self.errors):
            return
        calendar, days = self.instance, all_days(self)
        refuse(wrong_days(days, calendar.week))
        refuse(wrong_rest(reckoned(calendar.week, days, statutory=calendar.uses_statutory_days)))


def kept(formset: Any) -> list[dict[str, Any]]:
    """What was said in each row that is to stay."""
    said = [form.cleaned_data for form in formset.forms if getattr(form, "cleaned_data", None)]
    return [values for values in said if not values.get("DELETE")]


def refuse(wrong: dict[str, list[str]]) -> None:
    """Raises ValidationError with every sentence, if there is any."""
    if wrong:
        raise ValidationError([text for texts in wrong.values() for text in texts])


def all_days(formset: Any) -> list[SpecialDay]:
    """The days as they are to be: those of the form, and those of the calendar that it does not show."""
    shown = {form.instance.pk for form in formset.initial_forms}
    hidden = formset.instance.days.exclude(pk__in=shown) if formset.instance.pk else ()
    typed = [
        SpecialDay(values["date"], values["kind"], values["name"], values["as_weekday"])
        for values in kept(formset)
    ]
    return [*special_days(hidden), *typed]


class IntervalInline(NamedFields, admin.TabularInline):
    """The hours of the week, a line an interval."""

    model = CalendarInterval
    form = IntervalForm
    formset = IntervalFormSet
    extra = 1


class DayInline(NamedFields, admin.TabularInline):
    """Days off and make-up workdays from this year on."""

    model = CalendarDay
    formset = DayFormSet
    extra = 1
    fields = ("date", "kind", "name", "as_weekday")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarDay]:
        """The next ones of the calendar that is edited, as many as a form can hold."""
        match = request.resolver_match
        key = match.kwargs.get("object_id") if match else None
        own = super().get_queryset(request)
        if not key or not str(key).isdigit():
            return own.none()
        coming = own.filter(calendar=int(key), date__year__gte=clock.now().year).order_by("date")
        return own.filter(pk__in=list(coming.values_list("pk", flat=True)[:DAYS_SHOWN]))


class CalendarForm(forms.ModelForm):
    """All of a calendar but its hours and days."""

    time_zone = forms.ChoiceField(label=gettext_lazy("time zone"), choices=zones)


@admin.register(Calendar)
class CalendarAdmin(NamedFields, admin.ModelAdmin):
    """When the desk works. What was promised on a calendar needs it, so none is ever deleted."""

    form = CalendarForm
    inlines = (IntervalInline, DayInline)
    list_display = ("name", "code", "hours", "time_zone", "uses_statutory_days", "is_active")
    list_filter = ("is_active", "uses_statutory_days")
    fields = ("name_zh", "name_en", "code", "time_zone", "uses_statutory_days", "position", "is_active")

    @admin.display(description=gettext_lazy("hours on a Monday"))
    def hours(self, calendar: Calendar) -> str:
        """The hours that a make-up workday takes over."""
        return spans_text(hours_of(calendar)[0])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Calendar]:
        """With the hours: one query for all rows."""
        return super().get_queryset(request).prefetch_related("intervals")

    def get_readonly_fields(self, request: HttpRequest, obj: Calendar | None = None) -> tuple[str, ...]:
        """Addresses lead by the code, so it stays."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Calendar | None = None) -> bool:
        """It can be put out of use."""
        return False

    def save_model(self, request: HttpRequest, obj: Calendar, form: Any, change: bool) -> None:
        """Nothing yet: calendar, hours and days are stored together by `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the calendar through the service."""
        calendar, days = form.instance, formsets[1]
        plan = CalendarPlan(
            name_zh=calendar.name_zh,
            name_en=calendar.name_en,
            week=calendar.week,
            days=tuple(all_days(days)),
            time_zone=calendar.time_zone,
            uses_statutory_days=calendar.uses_statutory_days,
            is_active=calendar.is_active,
            position=calendar.position,
        )
        for formset in formsets:
            # Fills in what the log of changes is written from.
            formset.save(commit=False)
        calendar.pk = save_calendar(code=calendar.code, plan=plan, at=clock.now()).pk
