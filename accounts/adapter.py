"""What allauth asks the desk."""

import smtplib
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Who may sign up, and mail about the account itself in its owner's language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is open only where the setting says so; otherwise an administrator creates users."""
        return bool(settings.OPEN_SIGNUP)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once: the person waits for it. A mail server that is away is told, not a crash."""
        language = getattr(context.get("user"), "language", None) or translation.get_language()
        try:
            with translation.override(language):
                super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("account_mail_not_sent", kind=template_prefix, error=type(error).__name__)
            messages.error(
                self.request, _("The mail could not be sent just now. Please try again in a few minutes.")
            )
