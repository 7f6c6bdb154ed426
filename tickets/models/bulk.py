"""One step taken on many tickets: what was asked for, and how it went for each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NUMBER_LENGTH = 24


class Outcome(models.TextChoices):
    """How it went for one ticket."""

    PENDING = "pending", _("To do")
    DONE = "done", _("Done")
    STALE = "stale", _("Changed meanwhile")
    NOT_ALLOWED = "not_allowed", _("Not allowed")
    NOT_POSSIBLE = "not_possible", _("Not possible from here")
    REFUSED = "refused", _("Refused")
    NOT_FOUND = "not_found", _("Not found")


class BulkRun(models.Model):
    """A step somebody takes on the tickets of `items`; the key of the form makes a second sending the same run."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bulk_runs")
    key = models.UUIDField(editable=False)
    # A code of tickets.bulk_verbs, and what the step needs besides: ids of people, teams, tickets, and words.
    verb = models.CharField(max_length=20)
    inputs = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="bulk_run_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"


class BulkItem(models.Model):
    """One ticket of a run, by the number and at the version the page showed.

    No foreign key: a number that belongs to no ticket is answered for as well.
    """

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=NUMBER_LENGTH)
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.PENDING)
    # The refusal in the owner's language: they alone read it.
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="bulk_item_position")]
        indexes = [
            # What is still to do: tickets.services.bulk takes the next of a run, the list asks for unfinished runs.
            models.Index(
                fields=["run", "position"], condition=Q(outcome=Outcome.PENDING), name="bulk_item_pending"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"
