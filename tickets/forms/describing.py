"""The forms that put one property of a ticket right, where it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Module, Product
from common.errors import InvalidInput
from tickets.models import Ticket
from tickets.models.ticket import SUBJECT_LENGTH
from tickets.services.tagging import MOST_TAGS, TAG_LENGTH

SEPARATORS = (",", "，", "、", ";", "；")


class RowChoice(forms.ModelChoiceField):
    """A row of the catalogue in use, or the ticket's own, by code; nothing chosen means none."""

    def __init__(self, table: type[Model], chosen: Any, **options: Any) -> None:
        rows = table._default_manager.filter(Q(is_active=True) | Q(pk=chosen.pk if chosen else 0))
        super().__init__(rows, to_field_name="code", required=False, empty_label=_("Not said"), **options)


class TagsField(forms.CharField):
    """Tags with commas between them, Western or Chinese."""

    def prepare_value(self, value: Any) -> Any:
        """A list as it is typed."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The tags, each once."""
        text = str(super().clean(value) or "")
        for separator in SEPARATORS:
            text = text.replace(separator, "\n")
        return list(dict.fromkeys(part.strip() for part in text.split("\n") if part.strip()))


# What is edited together, under the name its address has.
PROPERTIES: Mapping[str, Sequence[str]] = {
    "subject": ("subject",),
    "product": ("product", "edition", "product_version"),
    "module": ("module",),
    "category": ("category",),
    "tags": ("tags",),
}
TITLES: Mapping[str, str | Promise] = {
    "subject": _("Change the subject"),
    "product": _("Change the product"),
    "module": _("Change the module"),
    "category": _("Change the category"),
    "tags": _("Change the tags"),
}


def _field(name: str, ticket: Ticket) -> forms.Field:
    if name == "subject":
        needed = {"required": _("Say in one line what is wrong.")}
        return forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH, error_messages=needed)
    if name == "edition":
        return forms.CharField(label=_("Edition"), max_length=60, required=False)
    if name == "product_version":
        return forms.CharField(label=_("Version"), max_length=40, required=False)
    if name == "tags":
        most = MOST_TAGS * (TAG_LENGTH + 2)
        return TagsField(
            label=_("Tags"), max_length=most, required=False, help_text=_("With commas between them.")
        )
    table, label = {
        "product": (Product, _("Product")),
        "module": (Module, _("Module")),
        "category": (Category, _("Category")),
    }[name]
    return RowChoice(table, getattr(ticket, name), label=label)


class PropertyForm(forms.Form):
    """What a ticket says of one property, to be put right; `changes` is what the service takes."""

    def __init__(self, name: str, ticket: Ticket, data: Any = None) -> None:
        names = PROPERTIES[name]
        super().__init__(data, initial={each: _now(ticket, each) for each in names}, auto_id="prop_%s")
        for each in names:
            self.fields[each] = _field(each, ticket)

    @property
    def changes(self) -> dict[str, Any]:
        """The new values, once the form is valid."""
        return dict(self.cleaned_data)

    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field."""
        for name, texts in error.fields.items():
            known = {"tag": "tags"}.get(name, name)
            for text in texts:
                self.add_error(known if known in self.fields else None, str(text))


def _now(ticket: Ticket, name: str) -> Any:
    value = getattr(ticket, name)
    return getattr(value, "code", value)


def present(name: str, ticket: Ticket) -> str:
    """What the ticket says of a property, as it is shown to people; empty: nothing."""
    values = [getattr(ticket, each) for each in PROPERTIES[name]]
    parts = [_(", ").join(value) if isinstance(value, list) else str(value or "") for value in values]
    return " ".join(part for part in parts if part)
