"""The reply box."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import InvalidInput
from common.fields import MomentField, ParagraphsField
from tickets.services.drafting import CALL, KINDS, NOTE, PUBLIC
from tickets.services.replying import BODY_LENGTH


class ReplyForm(forms.Form):
    """A message under way. `internal`: the writer is an agent, and may write a note, log a phone call or wait for
    the customer. `called_at` is when the call was; left empty, it was just now.

    `key` is made when the box is drawn and makes a second sending of it the same message; `seen` is the id of
    the last message the page showed then, `going_on` whether it showed a ticket neither resolved nor ended.
    """

    body = ParagraphsField(max_length=BODY_LENGTH, error_messages={"required": _("Write a few words first.")})
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], initial=PUBLIC)
    called_at = MomentField(required=False)
    wait = forms.BooleanField(required=False)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
    going_on = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, internal: bool, **options: Any) -> None:
        super().__init__(data, **options)
        # The customers' box does not ask. One who sends a note all the same is refused, not published.
        self.fields["kind"].required = internal

    @property
    def is_public(self) -> bool:
        """Whether the customer reads it."""
        return self.cleaned_data["kind"] != NOTE

    @property
    def is_call(self) -> bool:
        """Whether it was said on the phone."""
        return self.cleaned_data["kind"] == CALL

    @property
    def waits(self) -> bool:
        """Whether the customer is waited for once it is sent; a note asks nobody anything, a call has ended."""
        return self.cleaned_data["wait"] and self.is_public and not self.is_call

    def renewed(self) -> "ReplyForm":
        """The same text under a key of its own: to be sent as another message."""
        data = {name: self.data.get(name) for name in self.fields} | {"key": str(uuid4())}
        return ReplyForm(data, internal=self.fields["kind"].required)

    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field, or above the box."""
        for named, texts in error.fields.items():
            name = "called_at" if named == "at" else named
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))
