"""The form of a canned reply."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Team, User
from catalog.models import Module, Product
from common.errors import InvalidInput
from common.fields import ParagraphsField
from tickets import choices
from tickets.canned import Situation
from tickets.canned_replies import may_keep_for
from tickets.models import CannedReply
from tickets.models.canned import BODY_LENGTH, NAME_LENGTH, Visibility
from tickets.policies import roles_in_teams
from tickets.services.canning import Canned


class CannedForm(forms.Form):
    """A reply's words, who finds it, and what it is offered first for.

    `visibility` holds `personal`, `everyone` or a team's code: what its writer may look after, no more.
    """

    name = forms.CharField(label=_("Name of the reply"), max_length=NAME_LENGTH)
    name_en = forms.CharField(label=_("English name"), max_length=NAME_LENGTH, required=False)
    body_zh = ParagraphsField(
        label=_("In Chinese"),
        max_length=BODY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    body_en = ParagraphsField(
        label=_("In English"),
        max_length=BODY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    situation = forms.ChoiceField(
        label=_("Opens a message about"),
        choices=Situation.choices,
        initial=Situation.NONE,
        help_text=_("It is offered first where a ticket is about that."),
    )
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True), label=_("Product"), required=False, empty_label=_("Any")
    )
    module = forms.ModelChoiceField(
        Module.objects.filter(is_active=True), label=_("Module"), required=False, empty_label=_("Any")
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    def __init__(self, user: User, data: Any = None, *, reply: CannedReply | None = None) -> None:
        super().__init__(data, initial=_initial(reply) if reply else None)
        self._teams = {team.code: team for team in _teams_kept(user)}
        places: list[tuple[str, Any]] = [(Visibility.PERSONAL.value, Visibility.PERSONAL.label)]
        places += [(code, team.name) for code, team in self._teams.items()]
        if user.role == Role.ADMIN:
            places.append((Visibility.EVERYONE.value, Visibility.EVERYONE.label))
        self.fields["visibility"] = forms.ChoiceField(
            label=_("Who finds it"), choices=places, initial=Visibility.PERSONAL
        )
        self.order_fields(["name", "name_en", "visibility", "body_zh", "body_en"])

    @property
    def text(self) -> Canned:
        """What a valid form says."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        team = self._teams.get(said.pop("visibility"))
        visibility = Visibility.TEAM if team else self.cleaned_data["visibility"]
        return Canned(**said, visibility=visibility, team=team)

    @property
    def seen(self) -> int:
        """The version its writer read; 0, which none has, where the form does not say."""
        return self.cleaned_data["version"] or 0

    def renewed(self, user: User, reply: CannedReply) -> "CannedForm":
        """The same words, written by somebody who has been shown the reply as it is now."""
        return CannedForm(user, {**dict(self.data.items()), "version": reply.version}, reply=reply)

    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))


def _initial(reply: CannedReply) -> dict[str, Any]:
    plain = ("name", "name_en", "body_zh", "body_en", "situation", "is_active", "version")
    values = {name: getattr(reply, name) for name in plain}
    place = reply.team.code if reply.team else reply.visibility
    return {**values, "visibility": place, "product": reply.product_id, "module": reply.module_id}


def _teams_kept(user: User) -> list[Team]:
    roles = roles_in_teams(user)
    return [team for team in choices.teams_of(user) if may_keep_for(user, team.pk, team_roles=roles)]
