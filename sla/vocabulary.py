"""The words of the SLA engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Metric(TextChoices):
    """What a clock measures."""

    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    RESOLUTION = "resolution", _("Resolution")


class ClockState(TextChoices):
    """Whether a clock counts. Whether its promise was broken is told by `breached_at`, in any state."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")


class WaitFor(TextChoices):
    """Whose time passes while a ticket waits."""

    CUSTOMER = "customer", _("Customer")
    VENDOR = "vendor", _("Vendor")


class Escalation(TextChoices):
    """What a milestone does beside telling people."""

    NONE = "", _("Only tell")
    RAISE_TIER = "raise_tier", _("Raise the tier by one")
    REASSIGN = "reassign", _("Hand it to the engineer on duty")


# Shares of the promised time, in per cent, at which something happens; others are set by a policy.
HALF, MOST, BREACH = 50, 80, 100
