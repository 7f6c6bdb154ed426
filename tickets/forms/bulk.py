"""The form of a step on many tickets: the fields of one ticket's, with what all of them may be given to."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from tickets.forms.acting import FIELDS, WORDS, PersonChoice, dressed, options_of
from tickets.services.bulk import Chosen
from tickets.services.tagging import TAG_LENGTH
from tickets.vocabulary import Tier
from tickets.workflow import Action

CHOSEN = re.compile(r"^([^:]{1,24})(?::(\d{1,9}))?$", re.ASCII)


def read_chosen(texts: Iterable[str]) -> list[Chosen]:
    """The tickets that boxes named as `LD-10423:7`, number and version; each number once, what is none passed over."""
    found: dict[str, Chosen] = {}
    for text in texts:
        parts = CHOSEN.match(text)
        if parts is not None:
            number = parts.group(1).strip().upper()
            found.setdefault(number, Chosen(number, int(parts.group(2) or 0)))
    return list(found.values())


class BulkForm(forms.Form):
    """The inputs `verb` requires and accepts; `people` may be chosen as assignees."""

    def __init__(self, verb: Action, people: list[User], data: Any = None) -> None:
        super().__init__(data)
        self.people = people
        for name in (*verb.requires, *verb.accepts):
            options = options_of(WORDS.get((verb.code, name)), required=name in verb.requires)
            self.fields[name] = dressed(name, self._field(name, options))

    @property
    def inputs(self) -> dict[str, Any]:
        """What a run stores, once the form is valid: ids in place of people, teams and tickets."""
        given = {name: getattr(value, "pk", value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in given.items() if value is not None}

    def _field(self, name: str, options: Mapping[str, Any]) -> forms.Field:
        if name == "assignee":
            people = User.objects.filter(pk__in=[person.pk for person in self.people])
            return PersonChoice(
                people, **{"label": _("Assignee"), "empty_label": _("Choose a person"), **options}
            )
        if name == "team":
            teams = Team.objects.filter(is_active=True)
            words = {"label": _("Team"), "empty_label": _("Choose a team"), "to_field_name": "code"}
            return forms.ModelChoiceField(teams, **{**words, **options})
        if name == "tier":
            choices = {"choices": Tier.choices, "widget": forms.RadioSelect}
            return forms.ChoiceField(**{"label": _("Tier"), **choices, **options})
        if name == "tag":
            return forms.CharField(max_length=TAG_LENGTH, **{"label": _("Tag"), **options})
        return FIELDS[name](None, **options)
