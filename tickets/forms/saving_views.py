"""The form of a saved view."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from common.errors import InvalidInput
from common.fields import NumberField
from tickets import choices
from tickets.models import SavedView
from tickets.models.saved_view import NAME_LENGTH
from tickets.services.saving_views import LAST_PLACE


class ViewForm(forms.Form):
    """A view's name, with whom it is shared, and, once it is there, its place among the tabs."""

    name = forms.CharField(label=_("Name of the view"), max_length=NAME_LENGTH)

    def __init__(self, user: User, data: Any = None, *, view: SavedView | None = None) -> None:
        initial = {"name": view.name, "team": view.team_id, "position": view.position} if view else {}
        super().__init__(data, initial=initial)
        ids = {team.pk for team in choices.teams_of(user)} | ({view.team_id} if view else set())
        self.fields["team"] = forms.ModelChoiceField(
            Team.objects.filter(pk__in=[pk for pk in ids if pk is not None]),
            required=False,
            label=_("Shared with"),
            empty_label=_("Nobody: its owner alone sees it"),
        )
        if view is not None:
            self.fields["position"] = NumberField(
                label=_("Place among the tabs"), lowest=0, highest=LAST_PLACE
            )

    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))
