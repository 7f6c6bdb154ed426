"""Tickets with a past, made through the services, and the figures read off them."""

from datetime import datetime, timedelta

from dashboards.selectors import Figures, figures
from surveys.models import Invitation
from surveys.services.answering import Said, answer
from surveys.services.sending import send_due
from tests.factories import NOON, act, make_ticket
from tickets.models import Ticket
from tickets.services.replying import reply

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def reply_to(ticket: Ticket, author: object, at: datetime, body: str = "请看这里。") -> Ticket:
    """One public reply; the ticket as it is afterwards."""
    return reply(ticket_id=ticket.pk, author=author, body=body, at=at).ticket


def solved_at_once(desk, *, at: datetime = NOON, filed: datetime | None = None, **fields: object) -> Ticket:
    """Filed an hour before `at` (unless told otherwise), taken, answered once and resolved at `at`."""
    ticket = make_ticket(desk.customer, at=filed or at - HOUR, **fields)
    act(ticket, "take", desk.engineer, at)
    reply_to(ticket, desk.engineer, at)
    return act(ticket, "resolve", desk.engineer, at, resolution="好了")


def say(ticket: Ticket, solved: str = "yes", *, after: timedelta = 2 * HOUR, **more: object) -> None:
    """Send the questionnaire of the ticket's last resolution an hour after it, and answer it."""
    resolution = ticket.resolutions.order_by("-cycle")[0]
    send_due(at=resolution.resolved_at + HOUR)
    invitation = Invitation.objects.get(resolution=resolution)
    answer(invitation_id=invitation.pk, said=Said(solved, **more), at=resolution.resolved_at + after)


def read(*, start: datetime = NOON - DAY, end: datetime = NOON + 30 * DAY, at=None, **more) -> Figures:
    """The figures around NOON, read long afterwards."""
    given = {"team": None, "product": None, **more}
    return figures(start=start, end=end, at=at or NOON + 60 * DAY, **given)
