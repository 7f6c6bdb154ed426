"""Clocks, the waits that paused them, and the milestones already reached."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from sla.models.calendar import CalendarVersion
from sla.models.policy import PolicyVersion
from sla.vocabulary import ClockState, Metric, WaitFor
from tickets.models import Ticket
from tickets.vocabulary import Tier


class Clock(models.Model):
    """One promise being kept: a row per ticket, metric and cycle.

    `due_at` holds while the clock runs; while it is paused it is what was due when the pause began. The working
    time paused so far is in `paused_for`, an open pause's beginning in `paused_at`. The cycle of a resolution is
    the ticket's, that of a next response counts the answers owed.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="clocks")
    metric = models.CharField(max_length=16, choices=Metric.choices)
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=ClockState.choices, default=ClockState.RUNNING)
    # Frozen for the figures: the tier judged against is the one the clock ended with.
    tier = models.CharField(max_length=12, choices=Tier.choices)
    # The versions that promised, so that an outcome can be explained for ever. No calendar: round the clock;
    # no policy: it came from another system.
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, related_name="+")
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT, null=True, related_name="+")
    # Working time: promised, and what the due moment leaves (more only where a grace was given).
    within = models.DurationField()
    allowed = models.DurationField()
    # Working time used when it stopped, pauses aside.
    worked = models.DurationField(null=True)
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
            models.CheckConstraint(condition=Q(within__gt=timedelta(0)), name="promise_above_zero"),
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
            # Clocks that follow an edited calendar: sla.services.recalculating.
            models.Index(
                fields=["calendar_version", "ticket"],
                condition=Q(state__in=[ClockState.RUNNING, ClockState.PAUSED]),
                name="clock_open",
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


class Wait(models.Model):
    """A stretch of a resolution clock's time in which the ticket waited for somebody else.

    `pauses`: the promise rested meanwhile. The time is told apart in reports either way.
    """

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="waits")
    reason = models.CharField(max_length=8, choices=WaitFor.choices)
    pauses = models.BooleanField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("wait")
        verbose_name_plural = _("waits")
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(ended_at=None), name="one_open_wait_per_clock"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.reason}"


class Milestone(models.Model):
    """A share of a clock's time was used up, and what was to be done then is done. The unique row makes it once."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="milestones")
    share = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [models.UniqueConstraint(fields=["clock", "share"], name="milestone_once")]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.share} %"
