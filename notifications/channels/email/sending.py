"""Handing letters to the mail server that EMAIL_URL names."""

import re
import smtplib
from collections.abc import Sequence
from email.errors import MessageError

import structlog
from django.core.mail import get_connection

from notifications.channels import Failure, Refused, TryLater, Unreachable
from notifications.channels.email.composing import compose
from notifications.models import Delivery

log = structlog.get_logger(__name__)
SHUTTING_DOWN = 421
ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class EmailChannel:
    """Sends through Django's mail backend, over one connection for as long as it is used."""

    def __init__(self) -> None:
        self._backend = get_connection()

    def send(self, deliveries: Sequence[Delivery]) -> None:
        """Send one letter."""
        message = compose(deliveries)
        try:
            self._backend.open()
        except OSError as error:
            raise Unreachable(_code(error)) from error
        try:
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


def _meaning(error: OSError) -> Failure:
    """What a failure within the conversation means for the message."""
    code = _code(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        status = _answer(error)[0]
        if status == SHUTTING_DOWN:
            return Unreachable(code)
        return Refused(code) if status >= 500 else TryLater(code)
    if isinstance(error, smtplib.SMTPResponseException):
        # It is our sender that is not liked: nothing goes until somebody mends that.
        return Unreachable(code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return TryLater(code)
    return Unreachable(code, maybe_taken=True)


def _code(error: OSError) -> str:
    """The kind of an error and the server's codes. Its text may hold the address and is left out."""
    status, text = _answer(error)
    found = ENHANCED.match(text)
    parts = (type(error).__name__, str(status or ""), found.group(1) if found else "")
    return " ".join(part for part in parts if part)


def _answer(error: OSError) -> tuple[int, str]:
    """The server's status and text; 0 where it gave none."""
    status: int = 0
    text: bytes | str = ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        status, text = error.smtp_code, error.smtp_error
    return status, text.decode(errors="replace") if isinstance(text, bytes) else text
