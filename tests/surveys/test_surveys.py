"""Invitations and answers on real tickets."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from common.errors import InvalidInput
from sla.base import load_targets
from surveys.models import Answer, Invitation
from surveys.services.answering import Said, answer
from surveys.services.errors import SurveyClosed
from surveys.services.sending import expire, send_due
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import HistoryEntry, Ticket

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


@pytest.fixture
def desk(db):
    return make_desk()


def resolved(desk, requester=None, at=NOON):
    ticket = act(make_ticket(requester or desk.customer, at=at), "take", desk.engineer, at)
    return act(ticket, "resolve", desk.engineer, at, resolution="好了")


def sent(desk):
    ticket = resolved(desk)
    send_due(at=NOON + HOUR)
    return ticket, Invitation.objects.get()


def say(invitation, solved="yes", at=NOON + 2 * HOUR, **more):
    return answer(invitation_id=invitation.pk, said=Said(solved, **more), at=at)


def test_the_questionnaire_goes_out_an_hour_after_the_resolution_and_once(desk):
    resolved(desk)
    assert send_due(at=NOON + HOUR - TICK) == 0
    assert send_due(at=NOON + HOUR) == 1
    assert send_due(at=NOON + HOUR) == 0
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.expires_at) == ("sent", NOON + HOUR + 14 * DAY)
    assert (invitation.engineer, invitation.team.code) == (desk.engineer, "reports")


def test_staff_is_not_asked(desk):
    resolved(desk, requester=desk.engineer)
    assert not Invitation.objects.exists()


def test_a_reopening_takes_back_what_was_not_sent_and_the_next_cycle_asks_anew(desk):
    ticket = resolved(desk)
    act(ticket, "reject", desk.customer, reason="没好")
    assert send_due(at=NOON + HOUR) == 0
    act(ticket, "resolve", desk.engineer, NOON + 2 * HOUR, resolution="这次好了")
    assert send_due(at=NOON + 3 * HOUR) == 1
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["cancelled", "sent"]


def test_a_closed_ticket_is_still_asked_about(desk):
    act(resolved(desk), "confirm", desk.customer)
    assert send_due(at=NOON + HOUR) == 1


def test_a_person_is_asked_for_a_recommendation_once_in_thirty_days(desk):
    for days in (0, 29, 31):
        resolved(desk, at=NOON + days * DAY)
        send_due(at=NOON + days * DAY + HOUR)
    assert list(Invitation.objects.order_by("pk").values_list("asks_recommendation", flat=True)) == [
        True,
        False,
        True,
    ]


def test_the_answer_may_be_changed_for_twelve_hours(desk):
    _ticket, invitation = sent(desk)
    say(invitation, satisfaction=3, recommend=7)
    say(invitation, at=NOON + 14 * HOUR, satisfaction=5, recommend=9)
    with pytest.raises(SurveyClosed):
        say(invitation, at=NOON + 14 * HOUR + TICK)
    stored = Answer.objects.get()
    assert (stored.satisfaction, stored.answered_at, stored.changed_at) == (
        5,
        NOON + 2 * HOUR,
        NOON + 14 * HOUR,
    )


def test_two_weeks_later_no_answer_is_taken(desk):
    _ticket, invitation = sent(desk)
    assert expire(at=NOON + HOUR + 14 * DAY) == 0
    assert expire(at=NOON + HOUR + 14 * DAY + TICK) == 1
    with pytest.raises(SurveyClosed):
        say(invitation, at=NOON + HOUR + 14 * DAY + TICK)


def test_what_is_none_of_the_choices_is_refused_by_field(desk):
    _ticket, invitation = sent(desk)
    with pytest.raises(InvalidInput) as refused:
        say(invitation, "maybe", satisfaction=6, recommend=11)
    assert set(refused.value.fields) == {"solved", "satisfaction", "recommend"}


def test_no_reopens_a_resolved_ticket_with_the_customers_words(desk):
    ticket, invitation = sent(desk)
    say(invitation, "no", comment="还是空白")
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.status, after.cycle) == ("in_progress", 2)
    entry = HistoryEntry.objects.get(ticket=ticket, event="reject", field="status")
    assert (entry.data["reason"], entry.actor) == ("还是空白", None)


def test_no_reopens_a_closed_ticket_and_gives_a_code_where_there_are_no_words(desk):
    ticket, invitation = sent(desk)
    act(ticket, "confirm", desk.customer)
    say(invitation, "no")
    assert Ticket.objects.get(pk=ticket.pk).status == "in_progress"
    assert HistoryEntry.objects.get(event="reopen", field="status").data["reason"] == "survey_no"


def test_saying_no_twice_reopens_once(desk):
    ticket, invitation = sent(desk)
    say(invitation, "no")
    say(invitation, "no", comment="真的")
    assert Ticket.objects.get(pk=ticket.pk).cycle == 2


def test_no_about_an_older_resolution_leaves_the_newer_one_alone(desk):
    ticket, invitation = sent(desk)
    act(ticket, "reject", desk.customer, reason="没好")
    act(ticket, "resolve", desk.engineer, resolution="这次好了")
    say(invitation, "no")
    assert Ticket.objects.get(pk=ticket.pk).status == "resolved"


@pytest.mark.django_db(transaction=True)
def test_workers_that_send_at_once_send_once():
    load_targets()
    desk = make_desk()
    for _number in range(6):
        resolved(desk)
    counts = []

    def work():
        counts.append(send_due(at=NOON + HOUR))
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    send_due(at=NOON + HOUR)
    assert Invitation.objects.filter(state="sent").count() == 6
    assert Invitation.objects.filter(asks_recommendation=True).count() == 1
