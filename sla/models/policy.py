"""Who is promised what: policies, in the order they are asked, and the versions clocks hang on."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ContractLevel, Organisation
from catalog.models import Category, Product
from common.models import BilingualName
from sla.models.calendar import Calendar
from sla.vocabulary import Escalation, Metric
from tickets.vocabulary import Tier

LONGEST = timedelta(days=3650)


def validate_positive(value: object) -> None:
    """Raises ValidationError for a duration that is not above zero, or beyond ten years."""
    seconds = getattr(value, "total_seconds", lambda: 0.0)()
    if seconds <= 0:
        raise ValidationError(_("The time must be longer than zero."))
    if seconds > LONGEST.total_seconds():
        raise ValidationError(_("The time must be shorter than ten years."))


class Policy(BilingualName):
    """What tickets of some kind are promised. The first in order that fits and names a target decides, per metric.

    A condition left empty fits everything.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    contract_level = models.CharField(
        _("contract level"), max_length=12, choices=ContractLevel.choices, blank=True
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices, blank=True)
    calendar = models.ForeignKey(
        Calendar,
        models.PROTECT,
        related_name="+",
        verbose_name=_("calendar"),
        help_text=_("Working time is counted on it, unless a target names another."),
    )
    vendor_pauses = models.BooleanField(
        _("waiting for the vendor pauses the resolution"),
        default=False,
        help_text=_("The time is reported as the vendor's either way."),
    )
    grace = models.DurationField(_("grace"), default=timedelta(minutes=15), validators=[validate_positive])
    repeats = models.BooleanField(
        _("tell again at every further 100 % after the breach"),
        default=True,
    )

    class Meta(BilingualName.Meta):
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [models.CheckConstraint(condition=Q(grace__gt=timedelta(0)), name="grace_above_zero")]


class Target(models.Model):
    """Within what working time a policy promises a metric for a tier."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="targets", verbose_name=_("policy"))
    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices)
    metric = models.CharField(_("metric"), max_length=16, choices=Metric.choices)
    within = models.DurationField(_("within"), validators=[validate_positive])
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("calendar")
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["policy", "tier", "metric"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "tier", "metric"], name="one_target_per_tier_and_metric"
            ),
            models.CheckConstraint(condition=Q(within__gt=timedelta(0)), name="target_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} · {self.get_metric_display()}"


class Step(models.Model):
    """What a policy wants done when a share of the promised time is used up."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="steps", verbose_name=_("policy"))
    share = models.PositiveSmallIntegerField(
        _("per cent of the time"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    metric = models.CharField(
        _("metric"),
        max_length=16,
        choices=Metric.choices,
        blank=True,
        help_text=_("Left empty, it holds for all of them."),
    )
    tell_holder = models.BooleanField(
        _("tell the assignee, or the team of a ticket nobody holds"), default=True
    )
    tell_team = models.BooleanField(_("tell the whole team"), default=False)
    tell_leads = models.BooleanField(_("tell the team's managers"), default=False)
    action = models.CharField(_("and"), max_length=12, choices=Escalation.choices, blank=True)

    class Meta:
        verbose_name = _("milestone of a policy")
        verbose_name_plural = _("milestones of a policy")
        ordering = ["policy", "share", "metric"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "share", "metric"], name="one_step_per_share"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=1000), name="share_in_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.share} %"


class PolicyVersion(models.Model):
    """A policy as it stood, all of it, from `created_at` on. Clocks name the version that promised."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    # The shape that sla.rulebook reads.
    data = models.JSONField()

    class Meta:
        verbose_name = _("version of a policy")
        verbose_name_plural = _("versions of a policy")
        ordering = ["policy", "number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="one_policy_version")]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"


class Recalculation(models.Model):
    """Open clocks have to follow an edit: the pending row is the outbox, its numbers are the progress bar.

    Worked off a few tickets a transaction; `after` is the last ticket done, so that a worker's death costs only
    the step it was in.
    """

    requested_at = models.DateTimeField(_("requested"))
    # None: every open clock; else those that count on it.
    calendar = models.ForeignKey(Calendar, models.CASCADE, null=True, related_name="+")
    finished_at = models.DateTimeField(_("finished"), null=True)
    after = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(_("tickets"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    changed = models.PositiveIntegerField(_("clocks changed"), default=0)

    class Meta:
        verbose_name = _("recalculation")
        verbose_name_plural = _("recalculations")
        ordering = ["-id"]
        # The job that works them off: sla.services.recalculating.
        indexes = [models.Index(fields=["id"], condition=Q(finished_at=None), name="recalculation_pending")]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M} {self.done}/{self.total}"
