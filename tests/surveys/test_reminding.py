"""One reminder after three days, where it still makes sense."""

import threading

import pytest
from django.db import connection

from notifications.models import Delivery
from sla.base import load_targets
from surveys.models import Invitation
from surveys.services.answering import Said, answer
from surveys.services.reminding import remind_due
from surveys.services.sending import expire, send_due
from tests.factories import NOON, act, make_desk
from tests.surveys.test_surveys import DAY, HOUR, TICK, resolved

SENT_AT = NOON + HOUR
DUE = SENT_AT + 3 * DAY


@pytest.fixture
def desk(db):
    return make_desk()


@pytest.fixture
def ticket(desk):
    ticket = resolved(desk)
    send_due(at=SENT_AT)
    return ticket


def test_three_days_later_the_customer_is_reminded_once(desk, ticket):
    assert remind_due(at=DUE - TICK) == 0
    assert remind_due(at=DUE) == 1
    assert remind_due(at=DUE + DAY) == 0
    reminder = Delivery.objects.get(kind="survey_reminder")
    assert (reminder.recipient, reminder.ticket) == (desk.customer, ticket)


def test_whoever_has_answered_is_left_in_peace(ticket):
    answer(invitation_id=Invitation.objects.get().pk, said=Said("yes"), at=NOON + 2 * HOUR)
    assert remind_due(at=DUE) == 0


def test_a_ticket_that_was_reopened_is_not_reminded_of_and_neither_is_its_next_cycle(desk, ticket):
    act(ticket, "reject", desk.customer, reason="没好")
    act(ticket, "resolve", desk.engineer, NOON + DAY, resolution="这次好了")
    send_due(at=NOON + DAY + HOUR)
    assert remind_due(at=DUE) == 0
    assert remind_due(at=NOON + 4 * DAY + HOUR) == 1


def test_a_closed_ticket_is_still_reminded_of(desk, ticket):
    act(ticket, "confirm", desk.customer)
    assert remind_due(at=DUE) == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "engineer"}])
def test_whoever_left_or_joined_us_is_neither_asked_nor_reminded(desk, ticket, change):
    second = resolved(desk)
    type(desk.customer).objects.filter(pk=desk.customer.pk).update(**change)
    assert send_due(at=SENT_AT) == 0
    assert Invitation.objects.get(resolution__ticket=second).state == "cancelled"
    assert remind_due(at=DUE) == 0


def test_after_a_long_outage_nobody_is_reminded_of_what_has_expired(ticket):
    late = SENT_AT + 14 * DAY + TICK
    assert remind_due(at=late) == 0
    assert expire(at=late) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_that_remind_at_once_remind_once():
    load_targets()
    desk = make_desk()
    for _number in range(4):
        resolved(desk)
    send_due(at=SENT_AT)
    start = threading.Barrier(4)

    def work():
        start.wait()
        remind_due(at=DUE)
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    remind_due(at=DUE)
    assert Delivery.objects.filter(kind="survey_reminder").count() == 4
