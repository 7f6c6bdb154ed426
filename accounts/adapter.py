"""What allauth asks the desk."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is open only where the setting says so; otherwise an administrator creates users."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether strangers may create an account."""
        return bool(settings.OPEN_SIGNUP)
