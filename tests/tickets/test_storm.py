"""Everything at once on a few tickets: nobody waits in a circle, and what is left fits together."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Team
from common import clock
from common.errors import DeskError
from sla.base import load_targets
from sla.models import Clock, Milestone, Target
from sla.services.enforcing import sweep
from sla.services.recalculating import work_off
from sla.services.rules import publish_policy
from surveys.models import Invitation
from surveys.services.answering import Said, answer
from surveys.services.sending import send_due
from tests.factories import make_desk, make_ticket
from tickets import policies
from tickets.models import HistoryEntry, Message, Ticket
from tickets.services.closing import close_silent
from tickets.services.holding import hold, let_go, let_go_due, take_back
from tickets.services.replying import reply
from tickets.services.transition import Inputs, transition
from tickets.workflow import available

SECONDS = 6
Work = Callable[[random.Random], object]


@pytest.fixture
def desk(transactional_db, settings):
    settings.REPLIES_PER_HOUR = 10**6
    settings.REPLY_UNDO = timedelta(milliseconds=50)
    settings.SURVEY_DELAY = timedelta(0)
    settings.AUTO_CLOSE_AFTER = timedelta(seconds=1)
    load_targets()
    Target.objects.update(within=timedelta(seconds=2))
    desk = make_desk()
    for _number in range(3):
        make_ticket(desk.customer, at=clock.now())
    return desk


def act_somehow(desk, rnd: random.Random) -> None:
    """Take one of the actions that somebody may take just now; one that ends the ticket would end the storm."""
    ticket, actor = one_ticket(rnd), one_person(desk, rnd)
    codes = [action.code for action in available(ticket.status, policies.parties(actor, ticket))]
    if code := rnd.choice([code for code in codes if code not in {"cancel", "merge"}] or [""]):
        other = rnd.choice(list(Team.objects.exclude(pk=ticket.team_id)))
        tier = rnd.choice([tier for tier in ("urgent", "general", "consultation") if tier != ticket.tier])
        inputs = Inputs(assignee=desk.admin, team=other, resolution="好了", reason="没好", tier=tier)
        transition(
            ticket_id=ticket.pk,
            action=code,
            actor=actor,
            at=clock.now(),
            version=ticket.version,
            inputs=inputs,
        )


def talk(desk, rnd: random.Random) -> None:
    reply(ticket_id=one_ticket(rnd).pk, author=one_person(desk, rnd), body="在吗", at=clock.now())


def change_ones_mind(desk, rnd: random.Random) -> None:
    """Send a reply that can be taken back, and take it back, let it go, or leave it to the sweep."""
    ticket, author, key = one_ticket(rnd), rnd.choice([desk.manager, desk.admin]), uuid4()
    sent = {"ticket_id": ticket.pk, "author": author, "key": key}
    hold(**sent, body=str(key), at=clock.now(), waits=rnd.random() < 0.3)
    then = rnd.choice([take_back, let_go, None])
    if then is not None:
        then(**sent, at=clock.now())


def answer_a_survey(_desk, rnd: random.Random) -> None:
    invitation = Invitation.objects.filter(sent_at__isnull=False).order_by("?").first()
    if invitation:
        answer(invitation_id=invitation.pk, said=Said(rnd.choice(["yes", "no"])), at=clock.now())


def do_jobs(_desk, rnd: random.Random) -> None:
    rnd.choice([sweep, close_silent, send_due, let_go_due])(at=clock.now())


def edit_a_promise(_desk, rnd: random.Random) -> None:
    target = rnd.choice(list(Target.objects.all()))
    Target.objects.filter(pk=target.pk).update(within=timedelta(seconds=rnd.choice([1, 2, 5])))
    publish_policy(policy_id=target.policy_id, at=clock.now())
    work_off(at=clock.now())


def one_ticket(rnd: random.Random) -> Ticket:
    return rnd.choice(list(Ticket.objects.order_by("pk")))


def one_person(desk, rnd: random.Random):
    return rnd.choice([desk.customer, desk.colleague, desk.manager, desk.admin])


def test_nobody_waits_in_a_circle_and_what_is_left_fits_together(desk):
    works = [
        act_somehow,
        act_somehow,
        talk,
        change_ones_mind,
        answer_a_survey,
        do_jobs,
        do_jobs,
        edit_a_promise,
    ]
    ends, broken = time.monotonic() + SECONDS, []

    def keep_at(number: int, work: Work) -> None:
        rnd = random.Random(number)
        while time.monotonic() < ends:
            try:
                work(desk, rnd)
            except DeskError:
                continue
            except Exception as error:
                broken.append(repr(error))
        connection.close()

    threads = [threading.Thread(target=keep_at, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    # However slow the machine: something did happen.
    assert HistoryEntry.objects.filter(field="status").count() > 3
    for ticket in Ticket.objects.all():
        assert_it_fits(ticket)
    assert Message.objects.exclude(key=None).exists()
    for late in Clock.objects.exclude(breached_at=None):
        assert Milestone.objects.filter(clock=late, share=100).count() == 1


def assert_it_fits(ticket: Ticket) -> None:
    """Status, history, clocks and the board's order say the same."""
    moves = list(ticket.history.filter(field="status").order_by("pk").values_list("old", "new"))
    assert [new for _old, new in moves] == [old for old, _new in moves[1:]] + [ticket.status]
    counting = Clock.objects.filter(ticket=ticket, metric="resolution", state__in=["running", "paused"])
    wanted = {True: ["paused" if ticket.status == "waiting_customer" else "running"], False: []}
    assert list(counting.values_list("state", flat=True)) == wanted[ticket.is_open]
    running = Clock.objects.filter(ticket=ticket, state="running").order_by("due_at")
    assert ticket.next_due_at == running.values_list("due_at", flat=True).first()
