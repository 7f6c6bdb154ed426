"""Query vocabulary of the handbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class ArticleQuerySet(models.QuerySet[Any]):
    """Articles as a reader may see them."""

    def visible_to(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """Agents read every article, customers the public ones, strangers none."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_agent else self.filter(visibility="public")

    def in_language(self, language: str) -> ArticleQuerySet:
        """The versions written in `language` (`zh-hans` or `en`)."""
        return self.filter(language=language)
