"""What somebody writes again and again, kept under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Team
from catalog.models import Module, Product
from common.models import reads_chinese
from tickets.canned import Situation

NAME_LENGTH, BODY_LENGTH = 60, 4000


class Visibility(models.TextChoices):
    """Who finds a canned reply beside the reply box."""

    PERSONAL = "personal", _("Only me")
    TEAM = "team", _("A team")
    EVERYONE = "everyone", _("Everyone")


class CannedReply(models.Model):
    """A reply, or the opening of one, in Chinese, English or both; with placeholders of tickets.canned.

    `owner` wrote it; none of what every desk begins with, which has a `key` instead: its name in the content files.
    """

    key = models.SlugField(max_length=60, blank=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="canned_replies"
    )
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PERSONAL)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="canned_replies")
    name = models.CharField(max_length=NAME_LENGTH)
    name_en = models.CharField(max_length=NAME_LENGTH, blank=True)
    body_zh = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    situation = models.CharField(max_length=8, choices=Situation.choices, default=Situation.NONE)
    # What it is offered first for; none: anything.
    product = models.ForeignKey(Product, models.SET_NULL, null=True, related_name="+")
    module = models.ForeignKey(Module, models.SET_NULL, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    used = models.PositiveIntegerField(default=0)
    # Counts edits, not uses; an editor who saw an older one is refused.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility="team", team__isnull=False) | (~Q(visibility="team") & Q(team=None)),
                name="canned_team_where_shared",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="personal") | Q(owner__isnull=False), name="canned_personal_has_owner"
            ),
            models.CheckConstraint(condition=~Q(body_zh="", body_en=""), name="canned_says_something"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="canned_key_once"),
            models.UniqueConstraint(
                Lower("name"), "owner", condition=Q(visibility="personal"), name="canned_name_of_owner"
            ),
            models.UniqueConstraint(
                Lower("name"), "team", condition=Q(visibility="team"), name="canned_name_of_team"
            ),
            models.UniqueConstraint(
                Lower("name"), condition=Q(visibility="everyone"), name="canned_name_of_all"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, as far as there is one."""
        return self.name if reads_chinese() or not self.name_en else self.name_en

    def body_for(self, language: str) -> tuple[str, str]:
        """The text somebody of that language gets, and the language it is in: the other one if need be."""
        if language == Language.CHINESE:
            return (self.body_zh, language) if self.body_zh else (self.body_en, Language.ENGLISH)
        return (self.body_en, language) if self.body_en else (self.body_zh, Language.CHINESE)
