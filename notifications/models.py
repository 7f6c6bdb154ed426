"""What people are told in the app, and the outbox of what leaves the house."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket


class Kind(models.TextChoices):
    """What a notice is about. Its words are made when it is read, in the reader's language."""

    TICKET_OPENED = "ticket_opened", _("New ticket")
    TICKET_RECEIVED = "ticket_received", _("We have your ticket")
    TICKET_ASSIGNED = "ticket_assigned", _("Assigned to you")
    STAFF_REPLIED = "staff_replied", _("We answered")
    CUSTOMER_REPLIED = "customer_replied", _("The customer wrote")
    TICKET_RESOLVED = "ticket_resolved", _("Resolved, please confirm")
    TICKET_REOPENED = "ticket_reopened", _("Reopened")
    CLOCK_WARNING = "clock_warning", _("A promise is about to fall due")
    CLOCK_BREACHED = "clock_breached", _("A promise was broken")
    SURVEY = "survey", _("How did we do?")


class Notification(models.Model):
    """One line under somebody's bell."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            # Somebody's notices, newest first; the count under the bell.
            models.Index(fields=["user", "-id"], name="notification_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class DeliveryState(models.TextChoices):
    """What became of a delivery."""

    PENDING = "pending", _("To be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")


class Delivery(models.Model):
    """One message that has to leave the house: the outbox.

    Inserted in the transaction of the change it tells of; taken by a worker with a lease, sent outside any
    transaction, marked afterwards. `key` makes the same message impossible twice.
    """

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=12, default="email")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+")
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)
    # Until then a worker has it in hand; past it, the worker is taken for dead.
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="pending") | Q(next_attempt_at__isnull=False),
                name="pending_has_next_attempt",
            )
        ]
        # The sender: notifications.services.delivering.
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="pending"), name="delivery_pending")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
