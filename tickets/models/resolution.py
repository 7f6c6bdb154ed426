"""One row per resolution of a ticket: the facts the figures and the survey hang on, frozen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from tickets.models.ticket import Ticket


class Resolution(models.Model):
    """A ticket was resolved. The attribution is that of the moment and does not change afterwards."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="resolutions")
    cycle = models.PositiveSmallIntegerField()
    # Creation of the ticket, or the reopening that began the cycle.
    started_at = models.DateTimeField()
    resolved_at = models.DateTimeField()
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    # The first contact sufficed, as far as can be told at the resolution. None: not to be judged (an import
    # that does not know). What follows within 7 days is held against it when the figure is read.
    first_contact = models.BooleanField(null=True)
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["ticket", "cycle"]
        constraints = [models.UniqueConstraint(fields=["ticket", "cycle"], name="one_resolution_per_cycle")]
        # Figures by resolution date.
        indexes = [models.Index(fields=["resolved_at"], name="resolution_date")]

    def __str__(self) -> str:
        return f"{self.ticket_id} #{self.cycle}"
