"""Forms about people."""

import zoneinfo
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.text import clean_line

# Shown first: where our customers are. The rest of the tz database follows.
NEAR_ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "UTC")


def zones() -> list[tuple[str, str]]:
    """Every time zone as a choice, those near us first."""
    others = sorted(zoneinfo.available_timezones() - set(NEAR_ZONES))
    return [(zone, zone) for zone in (*NEAR_ZONES, *others)]


class NameField(forms.CharField):
    """A person's name: one line, no control characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Name"), max_length=80, **options)

    def to_python(self, value: Any) -> str:
        """The cleaned line."""
        return clean_line(super().to_python(value) or "")


class SignupDetailsForm(forms.Form):
    """What the sign-up form asks beside address and password."""

    name = NameField()

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name; called by allauth once the user exists."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class MyPageForm(forms.ModelForm):
    """What people set for themselves."""

    name = NameField()
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "single_keys")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.is_agent:
            # Customers' pages have none but the search's.
            del self.fields["single_keys"]
