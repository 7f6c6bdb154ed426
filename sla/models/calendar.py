"""Calendars as people edit them, and the versions clocks are reckoned by."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.models import validate_time_zone
from catalog.models import DayKind
from common.models import BilingualName
from sla.calendar import MINUTES, WorkingCalendar, from_data
from sla.walltime import spans_text

# Monday is 0, as in `sla.calendar`.
WEEKDAY_CHOICES = list(WEEKDAYS.items())
# More than any desk has at once; one is some kilobytes.
VERSIONS_KEPT = 256


class Calendar(BilingualName):
    """When somebody works. Changed by `sla.services.calendars` alone, which keeps every state it was ever in."""

    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    uses_statutory_days = models.BooleanField(
        _("China's statutory days"),
        default=False,
        help_text=_("Public holidays are off; make-up workdays are worked like a Monday."),
    )

    class Meta(BilingualName.Meta):
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")


class CalendarInterval(models.Model):
    """Working hours of a weekday, in minutes of the local day: half-open, 1440 is 24:00."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="intervals")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAY_CHOICES)
    start = models.PositiveSmallIntegerField(_("from"))
    end = models.PositiveSmallIntegerField(_("to"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="interval_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(start__lt=F("end"), end__lte=MINUTES), name="interval_within_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {spans_text([(self.start, self.end)])}"


class CalendarDay(models.Model):
    """A date on which other hours hold; it goes before a statutory day."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=6, choices=DayKind.choices, default=DayKind.OFF)
    name = models.CharField(_("name"), max_length=80, blank=True)
    as_weekday = models.PositiveSmallIntegerField(
        _("hours of"),
        choices=WEEKDAY_CHOICES,
        default=0,
        help_text=_("Whose working hours a make-up workday takes over."),
    )

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="one_special_day_per_date"),
            models.CheckConstraint(condition=Q(as_weekday__lte=6), name="special_day_as_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class CalendarVersion(models.Model):
    """What a calendar said from `created_at` on. Rows are added, never changed: a trigger sees to it."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    # As `sla.calendar.to_data` writes it.
    data = models.JSONField()

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ["calendar", "number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} #{self.number}"

    @property
    def value(self) -> WorkingCalendar:
        """The calendar to reckon with; the same object for the same version, so that it remembers its days."""
        return _value(_Stored(self.pk, self))


@dataclass(frozen=True)
class _Stored:
    """A version by its id; its data is read only when the value is not known yet."""

    version_id: int
    version: CalendarVersion = field(compare=False)


@lru_cache(maxsize=VERSIONS_KEPT)
def _value(stored: _Stored) -> WorkingCalendar:
    return from_data(stored.version.data)
