"""What a robot says, as plain text in the desk's language."""

import zoneinfo
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.text import clean_line
from notifications import words
from notifications.models import Delivery
from notifications.vocabulary import FOR_SYSTEMS, GROUPED, Kind
from tickets.models import Ticket
from tickets.vocabulary import Tier

SUBJECT_LENGTH = 60
# A text message at WeCom holds 2048 bytes, less than anywhere else.
TEXT_BYTES = 1900
# Chats read commands in angle brackets: <!channel>, <at user_id="all">. Nobody who files a ticket calls everybody.
HARMLESS = str.maketrans("<>", "＜＞")


def text_of(deliveries: Sequence[Delivery]) -> str:
    """The message that `deliveries`, all to one robot, make up together."""
    with (
        translation.override(settings.LANGUAGE_CODE),
        timezone.override(zoneinfo.ZoneInfo(settings.TIME_ZONE)),
    ):
        parts = [_part(delivery) for delivery in deliveries]
        if len(parts) == 1:
            return parts[0]
        count = len({delivery.ticket_id for delivery in deliveries})
        head = ngettext("%(count)d ticket needs attention", "%(count)d tickets need attention", count)
        return _joined(head % {"count": count}, parts)


def _joined(head: str, parts: Sequence[str]) -> str:
    """As many parts as fit, and how many more there are."""
    text = head
    for number, part in enumerate(parts):
        longer = f"{text}\n\n{part}"
        if len(longer.encode()) > TEXT_BYTES:
            left = len(parts) - number
            more = ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left}
            return f"{text}\n\n{more}\n{settings.SITE_URL}"
        text = longer
    return text


def _part(delivery: Delivery) -> str:
    """Number and subject; whose it is and what happened; where it stands."""
    ticket = delivery.ticket
    assert ticket is not None  # noqa: S101 (every kind is about a ticket)
    subject = clean_line(ticket.subject).translate(HARMLESS)[:SUBJECT_LENGTH]
    about = " · ".join(part for part in (_organisation(ticket), _happened(delivery)) if part)
    return f"[{ticket.number}] {subject}\n{about}\n{settings.SITE_URL}{ticket.get_absolute_url()}"


def _organisation(ticket: Ticket) -> str:
    return clean_line(str(ticket.organisation)).translate(HARMLESS) if ticket.organisation else ""


def _happened(delivery: Delivery) -> str:
    if delivery.kind in GROUPED:
        return words.line(delivery, moment=words.dated)
    state = delivery.data["state"]
    if delivery.kind == Kind.TICKET_OPENED and state["tier"] == Tier.URGENT:
        return _("A new urgent ticket")
    if delivery.kind == Kind.TICKET_ASSIGNED and state["assignee"]:
        return _("Given to %(name)s") % {"name": state["assignee"]}
    return str(FOR_SYSTEMS[delivery.kind])
