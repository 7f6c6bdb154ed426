"""Canned replies filled in for a ticket: what each placeholder becomes, in the customer's language and time zone."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Language, User
from common.templatetags.desk import moment
from sla.models import Clock
from sla.selectors import current
from sla.vocabulary import ClockState, Metric
from tickets.canned import Situation, render
from tickets.canned_replies import offered
from tickets.models import CannedReply, Ticket


@dataclass(frozen=True)
class Filled:
    """A reply and its text for one ticket. `fits`: it opens a message for just what this customer goes through."""

    reply: CannedReply
    text: str
    fits: bool


def filled_for(user: User, ticket: Ticket, *, at: datetime) -> list[Filled]:
    """What `user` may put into a reply on `ticket`, best first. Clocks prefetched: two queries."""
    situation, replies = offered(user, ticket, at=at)
    values = {language: values_of(ticket, user, language, at=at) for language in Language.values}
    found = []
    for reply in replies:
        body, language = reply.body_for(ticket.requester.language)
        fits = situation != Situation.NONE and reply.situation == situation
        found.append(Filled(reply, render(body, values[language]), fits))
    return found


def values_of(ticket: Ticket, writer: User, language: str, *, at: datetime) -> Mapping[str, str]:
    """What the placeholders of tickets.canned stand for, in a language and in the customer's time zone."""
    zone = zoneinfo.ZoneInfo(ticket.requester.time_zone)
    with translation.override(language), timezone.override(zone):
        return {
            "customer": ticket.requester.name,
            "number": ticket.number,
            "subject": ticket.subject,
            "product": ticket.product.name if ticket.product else _("the software"),
            "engineer": writer.name,
            "team": ticket.team.name if ticket.team else _("LedgerDesk"),
            "due": _due(list(ticket.clocks.all()), at=at),
        }


def sample_values(language: str, *, at: datetime) -> Mapping[str, str]:
    """Values of a ticket there is not, for a preview."""
    with translation.override(language):
        return {
            "customer": _("Chen Jing"),
            "number": "LD-10423",
            "subject": _("The month-end report cannot be seen"),
            "product": _("Yonyou NC Cloud"),
            "engineer": _("Zhou Hang"),
            "team": _("Reports team"),
            "due": _("by %(when)s") % {"when": moment(at)},
        }


def _due(clocks: list[Clock], *, at: datetime) -> str:
    """By when it is promised to be solved: the reply itself is the answer that is promised. Words that promise no
    moment where none runs, or it has passed.
    """
    running = [clock for clock in current(clocks) if clock.state == ClockState.RUNNING and clock.due_at > at]
    ends = next((clock.due_at for clock in running if clock.metric == Metric.RESOLUTION), None)
    return _("by %(when)s") % {"when": moment(ends)} if ends else _("as soon as we can")
