"""Putting a letter into an envelope: headers, a plain part and an HTML part, in the recipient's language."""

import hashlib
import zoneinfo
from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from common.text import clean_line
from notifications.channels.email.letters import letter_of
from notifications.models import Delivery

SUBJECT_LENGTH = 160


def compose(deliveries: Sequence[Delivery]) -> EmailMultiAlternatives:
    """The message that `deliveries`, all to one person, make up together."""
    first = deliveries[0]
    reader = first.person
    with translation.override(reader.language), timezone.override(zoneinfo.ZoneInfo(reader.time_zone)):
        letter = letter_of(deliveries)
        context = {"letter": letter, "language": reader.language}
        message = EmailMultiAlternatives(
            # Customers wrote parts of it: one line, whatever they typed.
            subject=clean_line(letter.subject)[:SUBJECT_LENGTH],
            body=render_to_string("emails/letter.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[reader.email],
            headers=_headers(deliveries, reader.language),
        )
        message.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
    return message


def message_id(first: Delivery) -> str:
    """The Message-ID of the letter that `first` is in.

    The same at every attempt. A worker that dies after the server has taken the letter and before that is
    written down leaves a letter that another worker sends again: at least once is what mail can promise. Mail
    systems keep one of two messages with the same id, so that the person reads it once.
    """
    name = first.key if first.group is None else f"group:{first.group}"
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{name}".encode()).hexdigest()[:40]
    return f"<{digest}@{_domain()}>"


def _headers(deliveries: Sequence[Delivery], language: str) -> dict[str, str]:
    headers = {
        "Message-ID": message_id(deliveries[0]),
        "Content-Language": language,
        # No automatic answer is wanted, and none is made to a message that says so.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    ticket = deliveries[0].ticket
    if ticket is not None and len(deliveries) == 1:
        # What belongs to one ticket stands together in the mailbox.
        headers["References"] = f"<{ticket.number.lower()}@{_domain()}>"
    return headers


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
