"""Products, their modules and the categories of a question. Configured in the admin, referred to by code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from common.models import BilingualName, reads_chinese


class Product(BilingualName):
    """A finance-software product we support, such as 用友 NC Cloud."""

    vendor = models.CharField(_("vendor"), max_length=80, blank=True)

    class Meta(BilingualName.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")


class Module(BilingualName):
    """A part of a product: general ledger, reports, tax …; it decides the team."""

    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="modules",
        verbose_name=_("team"),
        help_text=_("Takes this module's tickets; without one the default team does."),
    )

    class Meta(BilingualName.Meta):
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class Category(BilingualName):
    """The kind of question; a consultation category lowers the proposed tier."""

    is_consultation = models.BooleanField(
        _("consultation"),
        default=False,
        help_text=_("A “how do I …?”: answered within the consultation tier."),
    )

    class Meta(BilingualName.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class DayKind(models.TextChoices):
    """How a date differs from its weekday."""

    OFF = "off", _("day off")
    MAKEUP = "makeup", _("make-up workday")


class StatutoryDay(models.Model):
    """A day off by China's law, or the workday that makes up for one (调休). Rows of a year can be edited."""

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=6, choices=DayKind.choices)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)

    class Meta:
        verbose_name = _("statutory day")
        verbose_name_plural = _("statutory days")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if reads_chinese() else self.name_en
