"""Forms about people."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignupDetailsForm(forms.Form):
    """What the sign-up form asks beside address and password."""

    name = forms.CharField(label=_("Name"), max_length=80)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name; called by allauth once the user exists."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
