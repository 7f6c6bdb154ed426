"""Targets, clocks and the steps already taken for them."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from sla.vocabulary import ClockState, Metric, MilestoneKind
from tickets.models import Ticket
from tickets.vocabulary import Tier


def validate_positive(value: object) -> None:
    """Raises ValidationError for a duration that is not above zero."""
    if not value or getattr(value, "total_seconds", lambda: 0)() <= 0:
        raise ValidationError(_("The time must be longer than zero."))


class Target(models.Model):
    """Within what time a metric is promised for a tier. Edited in the admin; open clocks follow."""

    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices)
    metric = models.CharField(_("metric"), max_length=16, choices=Metric.choices)
    within = models.DurationField(_("within"), validators=[validate_positive])

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["tier", "metric"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "metric"], name="one_target_per_tier_and_metric"),
            models.CheckConstraint(condition=Q(within__gt=timedelta(0)), name="target_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} · {self.get_metric_display()}"


class Clock(models.Model):
    """One promise being kept: a row per ticket, metric and cycle.

    `due_at` holds while the clock runs; while it is paused it is what was due when the pause began. The time
    paused so far is in `paused_for`, an open pause's beginning in `paused_at`.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="clocks")
    metric = models.CharField(max_length=16, choices=Metric.choices)
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=ClockState.choices, default=ClockState.RUNNING)
    # Frozen for the figures: the tier judged against is the one the clock ended with.
    tier = models.CharField(max_length=12, choices=Tier.choices)
    within = models.DurationField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    paused_for = models.DurationField()
    stopped_at = models.DateTimeField(null=True)
    # The instant the promise was broken, which is `due_at`, once that is known to have happened.
    breached_at = models.DateTimeField(null=True)
    # The next instant at which something must happen: a warning or the breach. Null: nothing any more.
    next_check_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "metric", "cycle"], name="one_clock_per_cycle"),
            models.CheckConstraint(
                condition=~Q(state=ClockState.STOPPED) | Q(stopped_at__isnull=False),
                name="stopped_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.PAUSED, paused_at__isnull=False)
                | (~Q(state=ClockState.PAUSED) & Q(paused_at__isnull=True)),
                name="paused_has_beginning",
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.RUNNING) | Q(next_check_at__isnull=True),
                name="only_running_is_checked",
            ),
            # No running clock is ever left unwatched: until its breach is on record it has a next check.
            models.CheckConstraint(
                condition=~Q(state=ClockState.RUNNING)
                | Q(breached_at__isnull=False)
                | Q(next_check_at__isnull=False),
                name="running_is_watched",
            ),
        ]
        indexes = [
            # The sweep: sla.services.enforcing.
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="clock_due"
            ),
            # Figures by the date the clock ended or fell due: dashboards.cohorts.clocks.
            models.Index(Least("stopped_at", "due_at"), name="clock_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.metric} #{self.cycle}"

    @property
    def breached(self) -> bool:
        """Whether the promise is on record as broken."""
        return self.breached_at is not None


class Milestone(models.Model):
    """A step was taken for a clock. The unique row is what makes it happen once."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=4, choices=MilestoneKind.choices)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [models.UniqueConstraint(fields=["clock", "kind"], name="milestone_once")]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.kind}"
