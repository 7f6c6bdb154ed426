"""The next ticket for somebody who asks for work."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from sla.base import load_targets
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Ticket
from tickets.services.taking import take_next
from tickets.triage import Impact

HOUR = timedelta(hours=1)
URGENT = {"impact": Impact(production_down="full")}


@pytest.fixture
def desk(db):
    return make_desk()


def test_what_falls_due_first_comes_first_and_what_others_hold_stays_theirs(desk):
    calm = make_ticket(desk.customer)
    held = act(make_ticket(desk.customer, **URGENT), "take", desk.manager)
    pressing = make_ticket(desk.customer, at=NOON + HOUR, **URGENT)
    make_ticket(desk.customer, module="platform", **URGENT)
    taken = [take_next(user=desk.engineer, at=NOON + HOUR) for _number in range(3)]
    assert taken == [pressing, calm, None]
    assert (taken[0].assignee, taken[0].status) == (desk.engineer, "in_progress")
    held.refresh_from_db()
    assert held.assignee == desk.manager


def test_the_button_opens_what_was_taken_or_says_there_is_nothing(client, desk):
    ticket = make_ticket(desk.customer)
    client.force_login(desk.engineer)
    assert client.post("/board/next/").url == ticket.get_absolute_url()
    assert "没有待接的工单" in client.post("/board/next/", follow=True).text
    client.force_login(desk.customer)
    assert client.post("/board/next/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_never_get_the_same_one():
    load_targets()
    desk = make_desk()
    for _number in range(6):
        make_ticket(desk.customer)
    got = []

    def ask(user):
        for _number in range(4):
            taken = take_next(user=user, at=NOON)
            if taken is not None:
                got.append(taken.pk)
        connection.close()

    askers = [threading.Thread(target=ask, args=[user]) for user in (desk.engineer, desk.manager)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(got) == sorted(Ticket.objects.values_list("pk", flat=True))
