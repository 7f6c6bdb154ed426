"""Products, their modules and the categories of a question. Configured in the admin, referred to by code."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from common.models import BilingualName, reads_chinese


class Product(BilingualName):
    """A finance-software product we support, such as 用友 NC Cloud."""

    vendor = models.CharField(_("vendor"), max_length=80, blank=True)

    class Meta(BilingualName.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")


class Certificate(BilingualName):
    """A proof of knowledge that some tickets ask for, such as a qualification in tax filing."""

    class Meta(BilingualName.Meta):
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")


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
    certificate = models.ForeignKey(
        Certificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="modules",
        verbose_name=_("needs the certificate"),
        help_text=_("The desk gives such tickets only to people who hold it."),
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
    certificate = models.ForeignKey(
        Certificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="categories",
        verbose_name=_("needs the certificate"),
        help_text=_("The desk gives such tickets only to people who hold it."),
    )

    class Meta(BilingualName.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class Skill(models.Model):
    """Somebody knows a product, a module, or a module of one product. What that means: `catalog.skills`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills", verbose_name=_("user")
    )
    product = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="skills", verbose_name=_("product")
    )
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="skills", verbose_name=_("module")
    )

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["product__position", "module__position", "id"]
        constraints = [
            models.UniqueConstraint(
                "user", Coalesce("product", 0), Coalesce("module", 0), name="skill_named_once"
            ),
            models.CheckConstraint(
                condition=models.Q(product__isnull=False) | models.Q(module__isnull=False),
                name="skill_in_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.product_id} {self.module_id}"


class HeldCertificate(models.Model):
    """Somebody holds a certificate, through the day `expires_on` where one is named."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="certificates", verbose_name=_("user")
    )
    certificate = models.ForeignKey(
        Certificate, models.CASCADE, related_name="holders", verbose_name=_("certificate")
    )
    expires_on = models.DateField(_("valid through"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate held")
        verbose_name_plural = _("certificates held")
        ordering = ["certificate__position", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "certificate"], name="certificate_held_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.certificate_id}"

    def is_valid_on(self, day: date) -> bool:
        """Whether it has not run out: its last day is one of those it is valid on."""
        return self.expires_on is None or day <= self.expires_on


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
