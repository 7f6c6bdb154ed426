"""What somebody looks at again and again, under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Team

NAME_LENGTH = 40


class SavedView(models.Model):
    """Filters of board and list under a name: its owner's, and a team's if it is shared with one."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="saved_views")
    name = models.CharField(max_length=NAME_LENGTH)
    # Parameters of an address; read through tickets.saved_views.allowed whenever they are used.
    params = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name")]

    def __str__(self) -> str:
        return self.name
