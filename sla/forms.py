"""Forms of the calendars' pages."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import zones
from catalog.models import DayKind
from common.errors import InvalidInput
from common.text import clean_line
from sla.calendar import Span
from sla.models import Calendar
from sla.services.calendars import (
    FIRST_YEAR,
    LAST_YEAR,
    NAME_LENGTH,
    CalendarPlan,
    SpecialDay,
    hours_of,
)
from sla.walltime import parse_spans, spans_text


class LineField(forms.CharField):
    """A name: one line, no control characters."""

    def to_python(self, value: Any) -> str:
        """The cleaned line."""
        return clean_line(super().to_python(value) or "")


class SpecialDayForm(forms.Form):
    """A date that is off or made up for."""

    date = forms.DateField(label=gettext_lazy("Date"))
    kind = forms.ChoiceField(
        label=gettext_lazy("It is a"), choices=DayKind.choices, widget=forms.RadioSelect, initial=DayKind.OFF
    )
    name = LineField(
        label=gettext_lazy("Name of the day"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("What people call the day, such as stocktaking."),
    )
    as_weekday = forms.TypedChoiceField(
        label=gettext_lazy("Worked like a"),
        coerce=int,
        empty_value="0",
        required=False,
        help_text=gettext_lazy("For a make-up workday: whose hours it takes over."),
    )

    def __init__(self, *args: Any, week: tuple[tuple[Span, ...], ...], **kwargs: Any) -> None:
        """`week` is the calendar's: only a weekday with hours can be followed."""
        super().__init__(*args, **kwargs)
        choices = [(weekday, WEEKDAYS[weekday]) for weekday in range(7) if week[weekday]]
        field = self.fields["as_weekday"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        bounds = {"min": date(FIRST_YEAR, 1, 1).isoformat(), "max": date(LAST_YEAR, 12, 31).isoformat()}
        self.fields["date"].widget = forms.DateInput({"type": "date", **bounds}, format="%Y-%m-%d")

    def day(self) -> SpecialDay:
        """What was asked for; call it on a valid form."""
        said = self.cleaned_data
        return SpecialDay(said["date"], said["kind"], said["name"], int(said["as_weekday"]))


class SpansField(forms.CharField):
    """The hours of a day, as 09:00–12:00, 13:30–18:00; nothing for a day off."""

    def prepare_value(self, value: Any) -> Any:
        """As they are edited."""
        return value if isinstance(value, str) or value is None else spans_text(value)

    def to_python(self, value: Any) -> Any:
        """Spans in minutes. Raises ValidationError."""
        try:
            return parse_spans(super().to_python(value) or "")
        except ValueError as error:
            raise ValidationError(_("Write hours like 09:00–12:00, 13:30–18:00.")) from error


class CalendarForm(forms.Form):
    """All of a calendar but its special days; a new one is given a code."""

    name_zh = LineField(label=gettext_lazy("Chinese name"), max_length=NAME_LENGTH)
    name_en = LineField(label=gettext_lazy("English name"), max_length=NAME_LENGTH)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Short and for addresses, such as night-shift; it stays."),
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zones, initial="Asia/Shanghai")
    uses_statutory_days = forms.BooleanField(
        label=gettext_lazy("China's statutory days: holidays off, make-up workdays worked"), required=False
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, calendar: Calendar | None = None, **kwargs: Any) -> None:
        """Of an existing calendar, unless it is a new one."""
        self.calendar = calendar
        if calendar is not None:
            kwargs["initial"] = initial_of(calendar)
        super().__init__(*args, **kwargs)
        if calendar is not None:
            del self.fields["code"]
        for weekday in range(7):
            self.fields[f"hours_{weekday}"] = SpansField(label=WEEKDAYS[weekday], required=False)

    def hours(self) -> list[forms.BoundField]:
        """The fields of the week's hours, Monday first."""
        return [self[f"hours_{weekday}"] for weekday in range(7)]

    def about(self) -> list[forms.BoundField]:
        """The other fields."""
        return [self[name] for name in self.fields if not name.startswith("hours_")]

    def clean_code(self) -> str:
        """One that no calendar has."""
        code: str = self.cleaned_data["code"]
        if Calendar.objects.filter(code=code).exists():
            raise ValidationError(_("There is a calendar of this code."))
        return code

    def plan(self) -> CalendarPlan:
        """What was asked for; the special days stay. Call it on a valid form."""
        said = self.cleaned_data
        return CalendarPlan(
            name_zh=said["name_zh"],
            name_en=said["name_en"],
            week=tuple(said[f"hours_{weekday}"] for weekday in range(7)),
            time_zone=said["time_zone"],
            uses_statutory_days=said["uses_statutory_days"],
            is_active=said["is_active"],
            position=self.calendar.position if self.calendar else 100,
        )

    def take_refusal(self, refused: InvalidInput) -> None:
        """Show what the service said, each where it belongs."""
        for name, texts in refused.fields.items():
            field = name.replace("week.", "hours_")
            for text in texts:
                self.add_error(field if field in self.fields else None, str(text))


def initial_of(calendar: Calendar) -> dict[str, Any]:
    """What the form of a calendar begins with."""
    plain = ("name_zh", "name_en", "time_zone", "uses_statutory_days", "is_active")
    hours = {f"hours_{weekday}": spans for weekday, spans in enumerate(hours_of(calendar))}
    return {**{name: getattr(calendar, name) for name in plain}, **hours}
