"""Which policy decides, what it wants done on the way, and how open clocks follow its edits."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Duty, Team
from catalog.models import Category, Product
from notifications.models import Notification
from sla.base import load_targets
from sla.models import Clock, Milestone, Policy, PolicyVersion, Recalculation, Target
from sla.services import recalculating
from sla.services.enforcing import sweep
from sla.services.recalculating import work_off
from sla.services.rules import follow_all, publish_policy
from tests.factories import NOON, act, make_desk, make_ticket
from tests.sla.rules import make_policy
from tickets.models import Ticket
from tickets.triage import Impact

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
URGENT = {"impact": Impact(production_down="full")}
FIRST = ("first_response", "general")


@pytest.fixture
def desk(db):
    return make_desk()


def hours_promised(ticket, metric="first_response"):
    return Clock.objects.get(ticket=ticket, metric=metric).within / HOUR


def told(person):
    return list(
        Notification.objects.filter(user=person).order_by("pk").values_list("kind", "data__milestone")
    )


# --- which one decides ----------------------------------------------------------------------------------


def test_the_first_that_fits_and_names_a_target_decides_each_metric_by_itself(desk):
    make_policy("late", {FIRST: 6, ("resolution", "general"): 60}, position=20, at=NOON)
    make_policy("early", {FIRST: 3}, position=5, at=NOON)
    ticket = make_ticket(desk.customer)
    assert (hours_promised(ticket), hours_promised(ticket, "resolution")) == (3, 60)


@pytest.mark.parametrize("name", ["organisation", "contract_level", "product", "category", "tier"])
def test_each_condition_keeps_others_out(desk, name):
    own = desk.customer.organisation
    fitting = {
        "organisation": own,
        "contract_level": own.contract_level,
        "product": Product.objects.get(code="yonyou-nc-cloud"),
        "category": Category.objects.get(code="defect"),
        "tier": "general",
    }
    other = {
        "organisation": desk.stranger.organisation,
        "contract_level": "gold",
        "product": Product.objects.get(code="sap-s4hana"),
        "category": Category.objects.get(code="data"),
        "tier": "urgent",
    }
    make_policy("other", {FIRST: 2}, at=NOON, position=1, **{name: other[name]})
    assert hours_promised(make_ticket(desk.customer)) == 24
    make_policy("fitting", {FIRST: 3}, at=NOON, position=2, **{name: fitting[name]})
    assert hours_promised(make_ticket(desk.customer)) == 3


def test_a_policy_out_of_use_promises_nothing(desk):
    make_policy("off", {FIRST: 3}, is_active=False, at=NOON)
    assert hours_promised(make_ticket(desk.customer)) == 24


# --- what happens on the way ----------------------------------------------------------------------------


def test_a_policys_own_milestones_replace_the_usual_ones(desk):
    steps = (
        {"share": 30, "tell_holder": False, "tell_leads": True},
        {"share": 90, "metric": "first_response"},
        {"share": 90, "metric": "resolution", "tell_holder": False, "tell_team": True},
    )
    make_policy("own", {FIRST: 10, ("resolution", "general"): 20}, steps=steps, at=NOON)
    act(make_ticket(desk.customer), "take", desk.engineer)
    Notification.objects.all().delete()
    for hours in (3, 6, 9):
        sweep(at=NOON + hours * HOUR)
    assert told(desk.manager) == [("clock_warning", 30), ("clock_warning", 30)]
    assert told(desk.engineer) == [("clock_warning", 90)]
    sweep(at=NOON + 18 * HOUR)
    assert ("clock_warning", 90) in told(desk.manager)


def test_a_broken_promise_is_told_again_at_every_further_hundred_per_cent(desk):
    ticket = make_ticket(desk.customer, **URGENT)
    act(ticket, "take", desk.engineer)
    Notification.objects.all().delete()
    for hours in range(1, 4):
        assert sweep(at=NOON + hours * HOUR + TICK) == 1
        assert sweep(at=NOON + hours * HOUR + TICK) == 0
    assert told(desk.manager) == [("clock_breached", 100), ("clock_breached", 200), ("clock_breached", 300)]
    assert Ticket.objects.get().history.filter(event="clock_breached").count() == 1


def test_after_an_outage_the_latest_is_told_and_what_was_missed_is_not_told_late(desk):
    make_ticket(desk.customer, **URGENT)
    Notification.objects.all().delete()
    assert sweep(at=NOON + 5.5 * HOUR) == 2
    assert told(desk.manager) == [("clock_breached", 100), ("clock_warning", 50)]
    first = Clock.objects.get(metric="first_response")
    assert first.next_check_at == NOON + 6 * HOUR
    assert set(first.milestones.values_list("share", flat=True)) == {50, 80, 100, 500}


def test_a_milestone_may_raise_the_tier_through_the_one_way_in(desk):
    steps = ({"share": 50, "action": "raise_tier"},)
    make_policy("raise", {FIRST: 10}, steps=steps, tier="general", at=NOON)
    ticket = make_ticket(desk.customer)
    sweep(at=NOON + 5 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.version) == ("urgent", 2)
    assert Clock.objects.get(metric="first_response").due_at == NOON + 5.25 * HOUR
    row = ticket.history.get(field="tier", event="set_tier")
    assert (row.actor, row.old, row.new, row.data) == (None, "general", "urgent", {"note": "escalated"})


def test_a_milestone_may_hand_the_ticket_to_whoever_is_on_duty(desk):
    Duty.objects.create(
        team=Team.objects.get(code="reports"), user=desk.manager, starts_at=NOON, ends_at=NOON + 9 * HOUR
    )
    make_policy("duty", {FIRST: 10}, steps=({"share": 80, "action": "reassign"},), at=NOON)
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    sweep(at=NOON + 8 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.status) == (desk.manager, "in_progress")


def test_with_nobody_on_duty_it_stays_where_it_is(desk):
    make_policy("duty", {FIRST: 10}, steps=({"share": 80, "action": "reassign"},), at=NOON)
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    sweep(at=NOON + 8 * HOUR)
    ticket.refresh_from_db()
    assert ticket.assignee == desk.engineer


def test_one_clock_that_cannot_be_enforced_holds_up_no_other(desk):
    good, bad, better = (make_ticket(desk.customer, **URGENT) for _number in range(3))
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(ticket=bad.pk))
    assert sweep(at=NOON + HOUR + TICK) == 2
    broken = Clock.objects.filter(breached_at__isnull=False).values_list("ticket", flat=True)
    assert set(broken) == {good.pk, better.pk}
    assert not Milestone.objects.filter(clock__ticket=bad).exists()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON sla_milestone")
    assert sweep(at=NOON + HOUR + TICK) == 1


REFUSE = """
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT ticket_id FROM sla_clock WHERE id = NEW.clock_id) = {ticket} THEN
        RAISE EXCEPTION 'not this one';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON sla_milestone FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse();
"""


# --- edits ----------------------------------------------------------------------------------------------


def edit(hours: float, *, at) -> None:
    target = Target.objects.get(policy__code="standard", metric="first_response", tier="general")
    target.within = hours * HOUR
    target.save()
    publish_policy(policy_id=target.policy_id, at=at)


def test_every_edit_is_a_version_that_stays_and_an_edit_of_nothing_is_none(desk):
    edit(24, at=NOON)
    assert PolicyVersion.objects.count() == 1
    edit(12, at=NOON)
    assert list(PolicyVersion.objects.values_list("number", flat=True)) == [1, 2]
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.update(data={})


def test_open_clocks_follow_an_edit_a_few_a_step_and_a_dead_worker_costs_one_step(desk, monkeypatch):
    tickets = [make_ticket(desk.customer) for _number in range(5)]
    monkeypatch.setattr(recalculating, "STEP", 2)
    edit(12, at=NOON + HOUR)
    assert recalculating._work_off_step(NOON + HOUR) == 2
    job = Recalculation.objects.get()
    assert (job.total, job.done, job.finished_at) == (5, 2, None)
    assert work_off(at=NOON + HOUR) == 3
    job.refresh_from_db()
    assert (job.done, job.changed, job.finished_at) == (5, 5, NOON + HOUR)
    assert {hours_promised(ticket) for ticket in tickets} == {12}
    assert work_off(at=NOON + HOUR) == 0


def test_a_promise_that_was_given_is_not_taken_back(desk):
    ticket = make_ticket(desk.customer)
    Policy.objects.update(is_active=False)
    follow_all(at=NOON + HOUR)
    assert work_off(at=NOON + HOUR) == 0
    assert Clock.objects.filter(ticket=ticket, state="running").count() == 2


def test_a_promise_broken_before_the_edit_stays_the_one_it_was_even_where_its_moments_would_not_move(desk):
    ticket = make_ticket(desk.customer)
    make_policy("same", {FIRST: 24}, at=NOON + 25 * HOUR)
    work_off(at=NOON + 25 * HOUR)
    broken = Clock.objects.get(ticket=ticket, metric="first_response")
    assert broken.breached_at == NOON + 24 * HOUR
    assert broken.policy_version.policy.code == "standard"


@pytest.mark.django_db(transaction=True)
def test_no_ticket_filed_during_an_edit_keeps_the_old_promise():
    load_targets()
    desk = make_desk()
    filed, failures = [], []

    def file():
        try:
            filed.extend(make_ticket(desk.customer).pk for _number in range(10))
        except Exception as error:
            failures.append(error)
        connection.close()

    def change():
        try:
            for hours in (20, 16, 12):
                with transaction.atomic():
                    edit(hours, at=NOON)
                work_off(at=NOON)
        except Exception as error:
            failures.append(error)
        connection.close()

    workers = [threading.Thread(target=work) for work in (file, change)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert len(filed) == 10
    assert set(Clock.objects.filter(metric="first_response").values_list("within", flat=True)) == {12 * HOUR}
