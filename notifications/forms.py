"""The form of what somebody wants to be told of, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import InvalidInput
from notifications.models import Preference
from notifications.services.preferring import WEEKDAYS, Quiet
from notifications.vocabulary import Group, Way, offered

DAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table: what about, and a box for each way (None: it does not come that way)."""

    label: str
    boxes: list[tuple[str, BoundField | None]]


class PreferenceForm(forms.Form):
    """A box for each group and way that `user` may choose, and the quiet hours."""

    quiet_from = forms.TimeField(label=_("From"), required=False)
    quiet_to = forms.TimeField(label=_("To"), required=False)
    quiet_days = forms.TypedMultipleChoiceField(
        label=_("Beginning on"), required=False, coerce=int, choices=list(zip(WEEKDAYS, DAYS, strict=True))
    )

    digest_at = forms.TimeField(label=_("The morning letter comes at"), required=False)

    def __init__(self, user: User, stored: Preference, data: Any = None) -> None:
        initial = {
            "quiet_from": stored.quiet_from,
            "quiet_to": stored.quiet_to,
            "digest_at": stored.digest_at,
        }
        super().__init__(data, initial={**initial, "quiet_days": stored.quiet_days or list(WEEKDAYS)})
        self.choices = offered(staff=user.is_agent)
        for group, way in self._pairs():
            self.fields[f"{group}-{way}"] = forms.BooleanField(
                required=False, initial=stored.wants(group, way), label=f"{group.label}: {way.label}"
            )

    def _pairs(self) -> Iterator[tuple[Group, Way]]:
        for group, ways in self.choices.items():
            for way in ways:
                yield group, way

    @property
    def rows(self) -> list[Row]:
        """The table."""
        return [
            Row(
                str(group.label),
                [(str(way.label), self[f"{group}-{way}"] if way in ways else None) for way in Way],
            )
            for group, ways in self.choices.items()
        ]

    @property
    def days(self) -> list[tuple[int, Any, bool]]:
        """The weekdays, each with its name and whether it is chosen."""
        chosen = {str(day) for day in self["quiet_days"].value() or ()}
        return [(day, name, str(day) in chosen) for day, name in zip(WEEKDAYS, DAYS, strict=True)]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for one time without the other."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        for name, given, other in (("quiet_from", start, end), ("quiet_to", end, start)):
            if given is None and other is not None and name not in self.errors:
                self.add_error(name, _("Give both times, or none."))
        return cleaned

    @property
    def off(self) -> list[tuple[str, str]]:
        """What is not wanted, as pairs of group and way, once the form is valid."""
        return [(group, way) for group, way in self._pairs() if not self.cleaned_data[f"{group}-{way}"]]

    @property
    def quiet(self) -> Quiet | None:
        """The quiet hours, once the form is valid."""
        start, end = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_to"]
        return Quiet(start, end, self.cleaned_data["quiet_days"]) if start is not None else None

    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))
