"""The form an action needs, made from its row of the workflow table, and the words it asks with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Team, User
from common import clock
from common.errors import InvalidInput
from common.fields import ParagraphsField
from tickets.crew import Standing, standings_of
from tickets.models import Ticket
from tickets.services.transition import REQUIRED, TEXT_LENGTH, Inputs
from tickets.standing_words import standing_in_words
from tickets.vocabulary import Tier
from tickets.workflow import Action

TIER_NOTE_LENGTH = 300
READ_BY_CUSTOMER = _("The customer reads this.")
BETWEEN_COLLEAGUES = _("Between colleagues; the customer does not see it.")


class TeamChoice(forms.ModelChoiceField):
    """A team in use other than the ticket's, by code."""

    def __init__(self, ticket: Ticket, **options: Any) -> None:
        teams = Team.objects.filter(is_active=True).exclude(pk=ticket.team_id or 0)
        super().__init__(
            teams, to_field_name="code", label=_("Team"), empty_label=_("Choose a team"), **options
        )


class ByStanding(ModelChoiceIterator):
    """People with how they stand beside their names; who is there and holds least comes first."""

    def __iter__(self) -> Iterator[Any]:
        """As a menu lists them. Five queries, however many they are."""
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        people = list(self.queryset.select_related("working_hours").distinct())
        standings = standings_of(people, at=clock.now())
        people.sort(key=lambda person: _order(standings[person.pk]))
        for person in people:
            yield self.field.prepare_value(person), f"{person} · {standing_in_words(standings[person.pk])}"


def _order(standing: Standing) -> tuple[bool, int]:
    return not standing.presence.state.is_available, standing.count


class PersonChoice(forms.ModelChoiceField):
    """Somebody out of a query set of people."""

    iterator = ByStanding


class AssigneeChoice(PersonChoice):
    """Somebody who works in the ticket's team."""

    def __init__(self, ticket: Ticket, **options: Any) -> None:
        people = User.objects.filter(is_active=True, memberships__team=ticket.team_id or 0)
        options = {"label": _("Assignee"), "empty_label": _("Choose a person"), **options}
        super().__init__(people.exclude(role=Role.CUSTOMER), **options)


class TextField(ParagraphsField):
    """A few sentences."""

    def __init__(self, ticket: Ticket, *, rows: int = 3, length: int = TEXT_LENGTH, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows}), max_length=length, **options)


class TicketField(forms.CharField):
    """A ticket by its number; whether it is theirs to see, the service judges."""

    def __init__(self, ticket: Ticket, **options: Any) -> None:
        super().__init__(**{"label": _("Goes on in"), "max_length": 24, **options})
        # The page proposes tickets in a list of that name.
        self.widget.attrs |= {"placeholder": "LD-10423", "autocomplete": "off", "list": "other-tickets"}

    def clean(self, value: Any) -> Any:
        """The ticket; None for nothing. Raises ValidationError for a number nobody has."""
        text = super().clean(value)
        if not text:
            return None
        found = Ticket.objects.numbered(text).first()
        if found is None:
            raise forms.ValidationError(gettext("There is no such ticket."))
        return found


def _tier(ticket: Ticket, **options: Any) -> forms.Field:
    others = [(value, label) for value, label in Tier.choices if value != ticket.tier]
    return forms.ChoiceField(choices=others, widget=forms.RadioSelect, **{"label": _("Tier"), **options})


FIELDS: Mapping[str, Callable[..., forms.Field]] = {
    "assignee": AssigneeChoice,
    "team": TeamChoice,
    "resolution": TextField,
    "reason": TextField,
    "note": TextField,
    "tier": _tier,
    "into": TicketField,
}


@dataclass(frozen=True)
class Wording:
    """How an input is asked for where the field's own label does not do."""

    label: str | Promise
    hint: str | Promise = ""
    options: Mapping[str, Any] | None = None


WORDS: Mapping[tuple[str, str], Wording] = {
    ("resolve", "resolution"): Wording(_("How it was solved"), READ_BY_CUSTOMER, {"rows": 6}),
    ("reject", "reason"): Wording(_("What does not work yet?"), options={"rows": 4}),
    ("reopen", "reason"): Wording(_("Why it is opened again"), READ_BY_CUSTOMER),
    ("cancel", "reason"): Wording(_("Why it is cancelled"), READ_BY_CUSTOMER),
    ("assign", "note"): Wording(_("Note"), BETWEEN_COLLEAGUES),
    ("hand_over", "note"): Wording(_("What was done, what is missing"), BETWEEN_COLLEAGUES),
    ("wait_vendor", "note"): Wording(_("What the vendor was asked"), BETWEEN_COLLEAGUES),
    ("merge", "into"): Wording(
        _("Goes on in"),
        _("The number of another ticket of this customer. What they write here is put there from then on."),
    ),
    ("set_tier", "note"): Wording(_("Why"), READ_BY_CUSTOMER, {"length": TIER_NOTE_LENGTH, "rows": 2}),
}
PLAIN_WORDS: Mapping[tuple[str, str], Wording] = {
    ("cancel", "reason"): Wording(_("May we know why?"), _("It may stay empty.")),
}
# What customers read on the buttons, and on those of forms.
PLAIN_LABELS: Mapping[str, str | Promise] = {
    "confirm": _("Yes, it is solved"),
    "reject": _("Not solved yet"),
    "cancel": _("Withdraw the ticket"),
}


def label_of(action: Action, *, plain: bool) -> str:
    """What the action's button says; `plain`: to a customer."""
    return str(PLAIN_LABELS.get(action.code, action.label) if plain else action.label)


class ActionForm(forms.Form):
    """The inputs `action` requires and accepts on `ticket`; `inputs` is what the transition takes."""

    def __init__(
        self, action: Action, ticket: Ticket, data: Any = None, *, plain: bool = False, **options: Any
    ) -> None:
        super().__init__(data, **options)
        words = {**WORDS, **PLAIN_WORDS} if plain else WORDS
        for name in (*action.requires, *action.accepts):
            wording = words.get((action.code, name))
            made = FIELDS[name](ticket, **options_of(wording, required=name in action.requires))
            self.fields[name] = dressed(name, made)

    @property
    def inputs(self) -> Inputs:
        """What the transition takes, once the form is valid."""
        return Inputs(**self.cleaned_data)

    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))


def options_of(wording: Wording | None, *, required: bool) -> dict[str, Any]:
    """What a field is made with: whether it must be filled in, and the action's own words for it."""
    if wording is None:
        return {"required": required}
    words = {"label": wording.label, "help_text": wording.hint}
    return {"required": required, **words, **(wording.options or {})}


def dressed(name: str, field: forms.Field) -> forms.Field:
    """The field with the words for its emptiness, its choices read."""
    if field.required and name in REQUIRED:
        field.error_messages["required"] = REQUIRED[name]
    if isinstance(field, forms.ModelChoiceField):
        # Read here: a template that draws the form asks the database nothing. Nor does a list ask how many there are.
        field.widget.choices = list(iter(cast(Iterable[Any], field.choices)))
    return field
