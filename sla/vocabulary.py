"""The words of the SLA engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Metric(TextChoices):
    """What a clock measures."""

    FIRST_RESPONSE = "first_response", _("First response")
    RESOLUTION = "resolution", _("Resolution")


class ClockState(TextChoices):
    """Whether a clock counts. Whether its promise was broken is told by `breached_at`, in any state."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")


class MilestoneKind(TextChoices):
    """The instants at which something must happen, by share of the promised time used up."""

    HALF = "50", _("half of the time is gone")
    MOST = "80", _("four fifths of the time are gone")
    BREACH = "100", _("overdue")
