"""Which team takes a ticket, as administrators set it up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team
from catalog.models import Category, Module, Product
from tickets.routing import Facts, Rule


class RoutingRule(models.Model):
    """Tickets of this kind go to this team; what is empty fits everything. The first rule that fits decides.

    Where none fits, the module's team takes the ticket, else the default team: `tickets.routing_rules`.
    """

    position = models.PositiveSmallIntegerField(
        _("position"),
        default=100,
        help_text=_("The first rule that fits decides; the lowest number is asked first."),
    )
    product = models.ForeignKey(
        Product,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="routing_rules",
        verbose_name=_("product"),
    )
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="routing_rules", verbose_name=_("module")
    )
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="routing_rules",
        verbose_name=_("category"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="routing_rules",
        verbose_name=_("organisation"),
    )
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="routing_rules", verbose_name=_("goes to the team")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.position} → {self.team}"

    @property
    def rule(self) -> Rule:
        """What it says, as `tickets.routing` judges it."""
        wants = Facts(self.product_id, self.module_id, self.category_id, self.organisation_id)
        return Rule(self.pk, self.team_id, wants)
