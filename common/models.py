"""Abstract models shared by the apps."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def reads_chinese() -> bool:
    """True when the reader's language is Chinese, or none is active (Chinese is the default)."""
    return (get_language() or "zh-hans").startswith("zh")


class BilingualName(models.Model):
    """A thing an admin names in both languages; `name` is the reader's."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if reads_chinese() else self.name_en
