"""When a customer closes the books."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalog.models import Module
from common.models import reads_chinese
from tickets.windows import Rule, RuleKind

# What each rule needs; the rest does not count.
NEEDED: dict[str, tuple[str, ...]] = {
    RuleKind.MONTHLY: ("day_from", "day_to"),
    RuleKind.YEARLY: ("month_from", "day_from", "month_to", "day_to"),
    RuleKind.TAX_FILING: (),
    RuleKind.DATES: ("date_from", "date_to"),
}
DAY_LIMITS = (MinValueValidator(1), MaxValueValidator(31))
MONTH_LIMITS = (MinValueValidator(1), MaxValueValidator(12))
_ANY_DAY, _ANY_MONTH = range(1, 32), range(1, 13)


def _number(label: Any, limits: Any, **more: Any) -> Any:
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=limits, **more)


class ClosingWindow(models.Model):
    """A time in which tickets of an organisation on some modules weigh one tier more. See `tickets.windows`."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="closing_windows", verbose_name=_("organisation")
    )
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    rule = models.CharField(_("rule"), max_length=12, choices=RuleKind.choices, default=RuleKind.MONTHLY)
    month_from = _number(_("from month"), MONTH_LIMITS)
    day_from = _number(
        _("from day"), DAY_LIMITS, help_text=_("25 to 5 goes over the month's end; 31 is a month's last day.")
    )
    month_to = _number(_("to month"), MONTH_LIMITS)
    day_to = _number(_("to day"), DAY_LIMITS)
    date_from = models.DateField(_("from date"), null=True, blank=True)
    date_to = models.DateField(_("to date"), null=True, blank=True)
    modules = models.ManyToManyField(Module, related_name="closing_windows", verbose_name=_("modules"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("closing window")
        verbose_name_plural = _("closing windows")
        ordering = ["organisation", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_from=None) | Q(date_to=None) | Q(date_to__gte=F("date_from")),
                name="window_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=(Q(day_from=None) | Q(day_from__in=_ANY_DAY))
                & (Q(day_to=None) | Q(day_to__in=_ANY_DAY))
                & (Q(month_from=None) | Q(month_from__in=_ANY_MONTH))
                & (Q(month_to=None) | Q(month_to__in=_ANY_MONTH)),
                name="window_days_and_months",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if reads_chinese() else self.name_en

    @property
    def terms(self) -> Rule:
        """The rule as the pure core takes it."""
        ends = {name: getattr(self, name) for name in NEEDED[self.rule]}
        return Rule(self.rule, **ends)

    def clean(self) -> None:
        """Raises ValidationError for what the rule needs and is not there, or an end before the start."""
        missing = [name for name in NEEDED.get(self.rule, ()) if getattr(self, name) is None]
        errors: dict[str, Any] = {name: _("This rule needs it.") for name in missing}
        if self.date_from and self.date_to and self.date_to < self.date_from:
            errors["date_to"] = _("The end has to come after the start.")
        if errors:
            raise ValidationError(errors)
