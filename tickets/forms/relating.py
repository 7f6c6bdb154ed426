"""The forms that say who watches a ticket, what it belongs to, and what is split off from it."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from catalog.models import Category, Module, Product
from common.errors import InvalidInput
from tickets.forms.acting import TicketField
from tickets.forms.describing import RowChoice
from tickets.models import LinkKind, Ticket
from tickets.models.ticket import SUBJECT_LENGTH
from tickets.services.linking import CHOSEN
from tickets.services.splitting import Part


class RelatingForm(forms.Form):
    """What the forms share: refusals of a service are shown beside their field."""

    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field, or above the form."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))


class WatcherForm(RelatingForm):
    """Who is to watch the ticket: its team, administrators, and the organisation's contact managers."""

    def __init__(self, ticket: Ticket, data: Any = None) -> None:
        super().__init__(data)
        staff = Q(memberships__team=ticket.team_id or 0) | Q(role=Role.ADMIN)
        contacts = Q(organisation=ticket.organisation_id or 0, is_contact_manager=True)
        people = User.objects.filter(staff | contacts, is_active=True, is_bot=False).distinct()
        people = people.exclude(pk=ticket.requester_id).exclude(watching__ticket=ticket)
        self.fields["watcher"] = forms.ModelChoiceField(
            people,
            label=_("Who"),
            empty_label=_("Choose a person"),
            help_text=_("They are told what happens here, as far as it is theirs to know."),
            error_messages={"required": _("Say who is to watch it.")},
        )


class LinkForm(RelatingForm):
    """Another ticket, and how this one belongs to it."""

    def __init__(self, ticket: Ticket, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial={"kind": LinkKind.RELATED, **(initial or {})})
        kinds = [(kind.value, kind.label) for kind in CHOSEN]
        self.fields["kind"] = forms.ChoiceField(choices=kinds, label=_("This ticket is"))
        needed = {"required": _("Say which ticket, by its number.")}
        self.fields["other"] = TicketField(ticket, label=_("Ticket"), error_messages=needed)


class SplitForm(RelatingForm):
    """The ticket to be split off: the messages it is made of, and what it is about."""

    def __init__(
        self, ticket: Ticket, messages: list[tuple[int, str]], data: Any = None, initial: Any = None
    ):
        of_first = {name: getattr(getattr(ticket, name), "code", None) for name in ("product", "module")}
        super().__init__(data, initial={**of_first, **(initial or {})})
        self.fields["messages"] = forms.MultipleChoiceField(
            choices=messages,
            label=_("Messages"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose the messages it is about.")},
        )
        needed = {"required": _("Say in one line what is wrong.")}
        self.fields["subject"] = forms.CharField(
            label=_("Subject"), max_length=SUBJECT_LENGTH, error_messages=needed
        )
        self.fields["product"] = RowChoice(Product, ticket.product, label=_("Product"))
        self.fields["module"] = RowChoice(Module, ticket.module, label=_("Module"))
        self.fields["category"] = RowChoice(Category, None, label=_("Category"))
        self.fields["key"] = forms.UUIDField(widget=forms.HiddenInput)

    @property
    def part(self) -> Part:
        """What is to be split off, once the form is valid."""
        said = self.cleaned_data
        return Part(
            subject=said["subject"],
            messages=[int(pk) for pk in said["messages"]],
            product=said["product"],
            module=said["module"],
            category=said["category"],
        )
