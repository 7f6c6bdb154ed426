"""Tickets with a past, made through the services, and the figures read off them."""

from datetime import datetime, timedelta

from accounts.models import Team
from dashboards.formulae import Figures
from dashboards.selectors import figures
from surveys.models import Invitation
from surveys.services.answering import Said, answer
from surveys.services.sending import send_due
from tests.factories import NOON, act, make_ticket, make_user
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


def mixed_desk(desk) -> None:
    """A dozen tickets of every kind the figures tell apart."""
    first = desk.customer
    say(solved_at_once(desk), recommend=10, satisfaction=5)
    # The recommendation is asked of a person once in 30 days.
    desk.customer = make_user(f"customer{Ticket.objects.count()}@test.example")
    reopened = solved_at_once(desk, at=NOON + 2 * HOUR)
    act(reopened, "reject", desk.customer, NOON + 2 * DAY, reason="又坏了")
    say(
        act(reopened, "resolve", desk.engineer, NOON + 3 * DAY, resolution="好了"),
        recommend=3,
        satisfaction=2,
    )
    desk.customer = make_user(f"customer{Ticket.objects.count()}@test.example")
    late = solved_at_once(desk, at=NOON + 9 * DAY, filed=NOON)
    say(late, "no", after=8 * DAY, recommend=7, satisfaction=3, comment="还是空白")
    desk.customer = first
    followed = solved_at_once(desk, at=NOON + HOUR)
    follow_up = make_ticket(desk.customer, at=NOON + 3 * DAY, module="gl", category="how-to")
    Ticket.objects.filter(pk=follow_up.pk).update(follow_up_of=followed)
    twice = act(make_ticket(desk.customer), "take", desk.engineer)
    for hours in (1, 2):
        reply_to(twice, desk.engineer, NOON + hours * HOUR)
    act(twice, "resolve", desk.engineer, NOON + 3 * HOUR, resolution="好了")
    unjudged = solved_at_once(desk)
    unjudged.resolutions.update(first_contact=None)
    waiting = act(make_ticket(desk.customer), "take", desk.engineer)
    act(waiting, "wait_customer", desk.engineer, NOON + HOUR)
    moved = act(make_ticket(desk.customer), "take", desk.engineer)
    act(moved, "hand_over", desk.engineer, NOON, team=Team.objects.get(code="gl"))
    act(solved_at_once(desk, at=NOON + 4 * HOUR), "confirm", desk.customer, NOON + 5 * HOUR)
    solved_at_once(desk, at=NOON + 55 * DAY, filed=NOON + 20 * DAY)
    act(make_ticket(desk.customer), "cancel", desk.customer, NOON + DAY)
    send_due(at=NOON + DAY)
