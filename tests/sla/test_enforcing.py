"""Clocks on real tickets, and the sweep."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from sla.base import load_targets
from sla.models import Clock, Milestone, Target
from sla.services.enforcing import sweep
from sla.services.recalculating import work_off
from sla.services.rules import publish_policy
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import HistoryEntry, Ticket
from tickets.services.replying import reply
from tickets.triage import Impact

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
URGENT = {"impact": Impact(production_down="full")}


@pytest.fixture
def desk(db):
    return make_desk()


def clock_of(ticket, metric="first_response", cycle=1):
    return Clock.objects.get(ticket=ticket, metric=metric, cycle=cycle)


def test_the_promise_is_one_hour_for_urgent_and_a_day_for_general(desk):
    assert clock_of(make_ticket(desk.customer, **URGENT)).due_at == NOON + HOUR
    assert clock_of(make_ticket(desk.customer)).due_at == NOON + 24 * HOUR
    assert clock_of(make_ticket(desk.customer, category="how-to")).due_at == NOON + 48 * HOUR


def test_a_note_or_a_status_stops_no_first_response(desk):
    ticket = make_ticket(desk.customer)
    act(ticket, "take", desk.engineer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="查一下", at=NOON, public=False)
    assert clock_of(ticket).state == "running"
    reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON + HOUR)
    assert (clock_of(ticket).state, clock_of(ticket).breached) == ("stopped", False)


def test_warnings_and_breach_come_once_each_and_on_time(desk):
    ticket = make_ticket(desk.customer, **URGENT)
    assert sweep(at=NOON + HOUR / 2 - TICK) == 0
    for at in (NOON + HOUR / 2, NOON + HOUR * 0.8, NOON + HOUR + TICK):
        assert sweep(at=at) == 1
        assert sweep(at=at) == 0
    clock = clock_of(ticket)
    assert clock.breached_at == NOON + HOUR
    assert sorted(clock.milestones.values_list("share", flat=True)) == [50, 80, 100]
    assert HistoryEntry.objects.filter(ticket=ticket, event="clock_breached").count() == 1


def test_at_the_due_moment_itself_nothing_is_broken(desk):
    ticket = make_ticket(desk.customer, **URGENT)
    sweep(at=NOON + HOUR)
    assert not clock_of(ticket).breached


def test_a_late_answer_between_two_sweeps_is_still_a_breach(desk):
    ticket = make_ticket(desk.customer, **URGENT)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="抱歉", at=NOON + HOUR + TICK)
    clock = clock_of(ticket)
    assert (clock.state, clock.breached_at) == ("stopped", NOON + HOUR)
    assert HistoryEntry.objects.filter(ticket=ticket, event="clock_breached").count() == 1


def test_waiting_for_the_customer_pauses_the_resolution_clock_alone(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer, NOON + HOUR)
    assert (clock_of(ticket).state, clock_of(ticket, "resolution").state) == ("running", "paused")
    reply(ticket_id=ticket.pk, author=desk.customer, body="给", at=NOON + 5 * HOUR)
    assert clock_of(ticket, "resolution").due_at == NOON + 76 * HOUR


def test_waiting_for_the_vendor_pauses_nothing(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_vendor", desk.engineer)
    assert clock_of(ticket, "resolution").state == "running"


def test_a_reopening_begins_a_cycle_and_asks_for_no_second_first_response(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, NOON + 100 * HOUR, resolution="好了")
    act(ticket, "reject", desk.customer, NOON + 101 * HOUR, reason="没好")
    assert clock_of(ticket, "resolution").breached
    assert clock_of(ticket, "resolution", 2).due_at == NOON + 173 * HOUR
    assert Clock.objects.filter(ticket=ticket, metric="first_response").count() == 1


def test_cancelling_leaves_no_clock_behind(desk):
    ticket = make_ticket(desk.customer)
    act(ticket, "cancel", desk.customer)
    assert set(Clock.objects.values_list("state", flat=True)) == {"cancelled"}
    assert sweep(at=NOON + 1000 * HOUR) == 0
    assert Ticket.objects.get().next_due_at is None


def test_an_upgrade_past_its_due_moment_is_due_after_the_grace(desk):
    ticket = make_ticket(desk.customer)
    act(ticket, "set_tier", desk.engineer, NOON + 2 * HOUR, tier="urgent")
    assert clock_of(ticket).due_at == NOON + 2 * HOUR + timedelta(minutes=15)
    assert Ticket.objects.get().next_due_at == clock_of(ticket).due_at


def test_a_promise_already_broken_is_not_healed_by_a_lower_tier(desk):
    ticket = make_ticket(desk.customer, **URGENT)
    act(ticket, "set_tier", desk.engineer, NOON + 2 * HOUR, tier="consultation")
    broken = clock_of(ticket)
    assert (broken.breached_at, broken.tier) == (NOON + HOUR, "urgent")
    assert clock_of(ticket, "resolution").due_at == NOON + 120 * HOUR


def test_an_edited_target_recalculates_open_clocks_and_no_finished_ones(desk):
    answered, waiting = make_ticket(desk.customer), make_ticket(desk.customer)
    reply(ticket_id=answered.pk, author=desk.engineer, body="您好", at=NOON + HOUR)
    target = Target.objects.get(metric="first_response", tier="general")
    target.within = 12 * HOUR
    target.save()
    publish_policy(policy_id=target.policy_id, at=NOON + 2 * HOUR)
    assert work_off(at=NOON + 2 * HOUR) == 1
    assert clock_of(answered).due_at == NOON + 24 * HOUR
    assert clock_of(waiting).due_at == NOON + 12 * HOUR
    assert Ticket.objects.get(pk=waiting.pk).next_due_at == NOON + 12 * HOUR


def test_the_warnings_of_a_new_promise_come_again(desk):
    ticket = make_ticket(desk.customer)
    sweep(at=NOON + 20 * HOUR)
    act(ticket, "set_tier", desk.engineer, NOON + 20 * HOUR, tier="consultation")
    assert sweep(at=NOON + 24 * HOUR - TICK) == 0
    assert sweep(at=NOON + 24 * HOUR) == 1


def test_small_batches_go_on_until_nothing_is_left(desk):
    for _number in range(5):
        make_ticket(desk.customer, **URGENT)
    assert sweep(at=NOON + 2 * HOUR, batch=2) == 5


@pytest.mark.django_db(transaction=True)
def test_workers_that_sweep_at_once_do_everything_once():
    load_targets()
    desk = make_desk()
    for _number in range(12):
        make_ticket(desk.customer, **URGENT)

    def work():
        sweep(at=NOON + 2 * HOUR)
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Milestone.objects.filter(share=100).count() == 12
    assert HistoryEntry.objects.filter(event="clock_breached").count() == 12


@pytest.mark.django_db(transaction=True)
def test_a_sweep_beside_answers_neither_blocks_nor_loses_anything():
    load_targets()
    desk = make_desk()
    tickets = [make_ticket(desk.customer, **URGENT) for _number in range(10)]
    failures = []

    def work(step):
        try:
            step()
        except Exception as error:
            failures.append(error)
        connection.close()

    def answer():
        for ticket in tickets:
            reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON + 2 * HOUR)

    steps = [answer, *[lambda: sweep(at=NOON + 2 * HOUR, batch=3)] * 3]
    workers = [threading.Thread(target=work, args=[step]) for step in steps]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert Milestone.objects.filter(share=100, clock__metric="first_response").count() == 10
