"""The append-only record of every change."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class HistoryEntry(models.Model):
    """Who changed what, when, from what to what. Codes and data only, never a translated sentence.

    `event` is the action or happening (`opened`, `take`, `resolve`, `replied`, `clock_breached` …),
    `field` what changed (`status`, `assignee`, `team`, `tier`; empty for a happening), `old` and `new` its
    values as codes or ids, `data` whatever else belongs to it (a reason, a message id).
    A trigger refuses updates and deletes.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="history")
    at = models.DateTimeField()
    # None: the desk itself did it.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=32)
    field = models.CharField(max_length=32, blank=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    data = models.JSONField(default=dict)
    # Customers read the rows that are theirs to know.
    is_public = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        ordering = ["at", "id"]
        # The history of a ticket, in order.
        indexes = [models.Index(fields=["ticket", "at", "id"], name="history_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.event} {self.field}"
