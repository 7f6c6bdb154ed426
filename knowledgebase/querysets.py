"""Query vocabulary of the handbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from accounts.models import User


class ArticleQuerySet(models.QuerySet[Any]):
    """Articles as a reader may see them."""

    def visible_to(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """Agents read every article, customers the public ones, strangers none."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_agent else self.public()

    def public(self) -> ArticleQuerySet:
        """What may be sent to a customer."""
        return self.filter(visibility="public")

    def in_language(self, language: str) -> ArticleQuerySet:
        """The versions written in `language` (`zh-hans` or `en`)."""
        return self.filter(language=language)

    def one_per_key(self, language: str) -> ArticleQuerySet:
        """One version of each article among these: in `language` where there is one, else the other's."""
        preferred = self.filter(language=language, key=OuterRef("key"))
        return self.filter(Q(language=language) | ~Exists(preferred))
