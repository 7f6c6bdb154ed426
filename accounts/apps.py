"""Application configuration of `accounts`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Names the application and listens to the sign-in library."""

    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Register what follows from a confirmed address; models are loaded by now."""
        from allauth.account.signals import email_confirmed  # noqa: PLC0415 (models may not be imported before)

        from accounts.subscribers import on_address_confirmed  # noqa: PLC0415

        email_confirmed.connect(on_address_confirmed, dispatch_uid="join-organisation")
