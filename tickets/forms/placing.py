"""The form that gives a ticket to another organisation."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from common.errors import InvalidInput
from tickets.models import Ticket


class OrganisationForm(forms.Form):
    """An organisation in use by its code, the ticket's own chosen at first; nothing chosen means none."""

    def __init__(self, ticket: Ticket, data: Any = None) -> None:
        own = ticket.organisation
        super().__init__(data, initial={"organisation": own.code if own else None})
        field = forms.ModelChoiceField(
            Organisation.objects.filter(Q(is_active=True) | Q(pk=ticket.organisation_id or 0)),
            to_field_name="code",
            required=False,
            label=_("Organisation"),
            empty_label=_("None"),
            help_text=_("Its contact manager sees the ticket, and its promises hold."),
        )
        self.fields["organisation"] = field

    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))
