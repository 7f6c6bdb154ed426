"""When people are there: their hours of the week, and the times they are away. Changed by `services.presence`."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WorkingHours(models.Model):
    """Somebody's own hours, on the wall clock of their time zone. Without a row the usual hours hold."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="working_hours", verbose_name=_("user")
    )
    # Monday first: for each weekday its intervals, [start, end] in minutes of the day, half-open.
    week = models.JSONField()
    keeps_statutory_days = models.BooleanField(
        _("China's statutory days"),
        default=True,
        help_text=_("Off on public holidays, at work on make-up workdays."),
    )
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")

    def __str__(self) -> str:
        return f"{self.user_id}"


class LeaveKind(models.TextChoices):
    """Why somebody is away."""

    ANNUAL = "annual", _("Annual leave")
    SICK = "sick", _("Sick leave")
    PERSONAL = "personal", _("Personal leave")
    TRAVEL = "travel", _("Business trip")
    TRAINING = "training", _("Training")
    OTHER = "other", _("Away for another reason")


class Leave(models.Model):
    """Somebody is away from `starts_at` to `ends_at`, the end not included. The note is for those who lead."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="leaves", verbose_name=_("user")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    kind = models.CharField(_("kind"), max_length=10, choices=LeaveKind.choices, default=LeaveKind.ANNUAL)
    note = models.CharField(_("note"), max_length=200, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="leave_ends_after_its_start")
        ]
        # Who is away now, and who will be.
        indexes = [models.Index(fields=["user", "ends_at"], name="leave_of_user")]

    def __str__(self) -> str:
        return f"{self.user} · {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        """Raises ValidationError for an end that does not come after the start."""
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end has to come after the start.")})
