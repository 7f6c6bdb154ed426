"""Handing letters to the mail server that EMAIL_URL names."""

import re
import smtplib
from collections.abc import Sequence
from email.errors import MessageError

import structlog
from django.core.mail import get_connection

from notifications.channels import Refused, TryLater, Unreachable
from notifications.channels.email.composing import compose
from notifications.models import Delivery

log = structlog.get_logger(__name__)
SHUTTING_DOWN = 421
ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")


class EmailChannel:
    """Sends through Django's mail backend, over one connection for as long as it is used."""

    def __init__(self) -> None:
        self._backend = get_connection()

    def send(self, deliveries: Sequence[Delivery]) -> None:
        """Send one letter."""
        message = compose(deliveries)
        try:
            self._backend.open()
            self._backend.send_messages([message])
        except (MessageError, ValueError) as error:
            # An address or header that cannot be written down will not become one by waiting.
            raise Refused(type(error).__name__) from error
        except OSError as error:
            self.close()
            raise _meaning(error) from error

    def close(self) -> None:
        """Say goodbye to the server; one that has gone already is left."""
        try:
            self._backend.close()
        except OSError as error:
            log.info("mail_goodbye_failed", error=type(error).__name__)


def _meaning(error: OSError) -> Refused:
    """What a failure means for the message. The server's text may hold the address: its codes are kept."""
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, text = next(iter(error.recipients.values()))
        return _by_status(name, status, text)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_status(name, error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):
        # Our sender, our login, the greeting: nothing goes until somebody mends it.
        return Unreachable(_code(name, error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return TryLater(name)
    return Unreachable(name)


def _by_status(name: str, status: int, text: bytes | str) -> Refused:
    code = _code(name, status, text)
    if status == SHUTTING_DOWN:
        return Unreachable(code)
    return Refused(code) if 500 <= status < 600 else TryLater(code)


def _code(name: str, status: int, text: bytes | str) -> str:
    found = ENHANCED.match(text if isinstance(text, bytes) else text.encode())
    return " ".join([name, str(status), *([found.group(1).decode()] if found else [])])
