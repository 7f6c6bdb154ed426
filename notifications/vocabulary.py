"""The words of notices."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a notice is about."""

    TICKET_OPENED = "ticket_opened", _("New ticket")
    TICKET_RECEIVED = "ticket_received", _("We have your ticket")
    TICKET_ASSIGNED = "ticket_assigned", _("Assigned to you")
    TICKET_HANDED_OVER = "ticket_handed_over", _("Handed to your team")
    STAFF_REPLIED = "staff_replied", _("We answered")
    CUSTOMER_REPLIED = "customer_replied", _("The customer wrote")
    NOTE_WRITTEN = "note_written", _("Internal note")
    TICKET_RESOLVED = "ticket_resolved", _("Resolved, please confirm")
    TICKET_REOPENED = "ticket_reopened", _("Reopened")
    TICKET_CLOSED = "ticket_closed", _("Closed")
    TICKET_CANCELLED = "ticket_cancelled", _("Cancelled")
    CLOCK_WARNING = "clock_warning", _("A promise is about to fall due")
    CLOCK_BREACHED = "clock_breached", _("A promise was broken")
    SURVEY = "survey", _("How did we do?")
    SURVEY_REMINDER = "survey_reminder", _("How did we do? A reminder")


# Alerts that come in swarms: those of one person leave together, one line each.
GROUPED = frozenset({Kind.CLOCK_WARNING, Kind.CLOCK_BREACHED})


# Letters with the link of a questionnaire.
SURVEYS = frozenset({Kind.SURVEY, Kind.SURVEY_REMINDER})


class DeliveryState(TextChoices):
    """What became of a delivery."""

    PENDING = "pending", _("To be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    DROPPED = "dropped", _("Not sent")
