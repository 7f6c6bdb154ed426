"""Who watches a ticket, and which tickets belong together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class Watcher(models.Model):
    """Somebody who is told what happens on a ticket without holding it; changed by `tickets.services.watching`."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="watching")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        ordering = ["since", "id"]
        # The watchers of a ticket are found by it too.
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="watches_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.user_id}"


class LinkKind(models.TextChoices):
    """How two tickets belong together, read from `ticket` to `other`."""

    PARENT = "parent", _("Part of")
    DUPLICATE = "duplicate", _("The same problem as")
    RELATED = "related", _("Related to")
    SPLIT = "split", _("Split off from")


class TicketLink(models.Model):
    """Two tickets that belong together, for staff; at most one link a pair. Changed by `tickets.services.linking`.

    Follow-ups and merged tickets are columns of the ticket: figures and replies hang on them.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="links")
    other = models.ForeignKey(Ticket, models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("link between tickets")
        verbose_name_plural = _("links between tickets")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                Least("ticket", "other"), Greatest("ticket", "other"), name="linked_once"
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(kind=LinkKind.PARENT), name="one_parent_each"
            ),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="linked_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"
