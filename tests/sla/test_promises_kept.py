"""Promises through the life of a ticket: what starts, stops, pauses and moves which clock."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.services.statutory import load_statutory_days
from sla.base import load_calendars
from sla.models import Clock, Wait
from sla.services.calendars import SpecialDay, mark_day
from sla.services.enforcing import sweep
from sla.services.recalculating import work_off
from tests.factories import NOON, act, make_desk, make_ticket
from tests.sla.rules import make_policy
from tickets.models import Ticket
from tickets.services.calling import log_call
from tickets.services.merging import merge
from tickets.services.rehoming import change_organisation
from tickets.services.replying import reply
from tickets.triage import Impact

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
ZERO = timedelta(0)
URGENT = {"impact": Impact(production_down="full")}
# Office hours are 9–12 and 13:30–18 in Shanghai, which is eight hours ahead of UTC.
OFFICE = {("first_response", "general"): 4, ("next_response", "general"): 4, ("resolution", "general"): 16}


@pytest.fixture
def desk(db):
    return make_desk()


@pytest.fixture
def office(desk):
    load_statutory_days(at=NOON)
    load_calendars(at=NOON)
    return make_policy("office", OFFICE, calendar="office", at=NOON)


def local(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """A moment of 2026 in Shanghai."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - 8 * HOUR


def clock_of(ticket, metric="first_response", cycle=1):
    return Clock.objects.get(ticket=ticket, metric=metric, cycle=cycle)


def say(ticket, author, at, **more):
    return reply(ticket_id=ticket.pk, author=author, body="好", at=at, **more)


# --- next response --------------------------------------------------------------------------------------


def test_an_answered_customer_who_writes_again_waits_from_the_oldest_word(desk):
    ticket = make_ticket(desk.customer)
    say(ticket, desk.engineer, NOON + HOUR)
    for hours in (2, 3, 5):
        say(ticket, desk.customer, NOON + hours * HOUR)
    owed = clock_of(ticket, "next_response")
    assert (owed.started_at, owed.due_at) == (NOON + 2 * HOUR, NOON + 26 * HOUR)
    say(ticket, desk.engineer, NOON + 26 * HOUR)
    assert (clock_of(ticket, "next_response").state, clock_of(ticket, "next_response").breached) == (
        "stopped",
        False,
    )
    say(ticket, desk.customer, NOON + 27 * HOUR)
    assert clock_of(ticket, "next_response", 2).started_at == NOON + 27 * HOUR


def test_a_word_before_the_first_answer_neither_starts_nor_hides_anything(desk):
    ticket = make_ticket(desk.customer, **URGENT)
    say(ticket, desk.customer, NOON + HOUR / 2)
    assert not Clock.objects.filter(metric="next_response").exists()
    assert clock_of(ticket).due_at == NOON + HOUR


def test_a_note_and_a_programs_word_answer_nobody(desk):
    ticket = make_ticket(desk.customer)
    say(ticket, desk.engineer, NOON)
    say(ticket, desk.customer, NOON + HOUR)
    say(ticket, desk.engineer, NOON + 2 * HOUR, public=False)
    desk.engineer.is_bot = True
    desk.engineer.save()
    say(ticket, desk.engineer, NOON + 3 * HOUR)
    assert clock_of(ticket, "next_response").state == "running"


def test_a_resolution_answers_and_a_rejection_waits_for_an_answer(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    say(ticket, desk.engineer, NOON)
    say(ticket, desk.customer, NOON + HOUR)
    act(ticket, "resolve", desk.engineer, NOON + 2 * HOUR, resolution="好了")
    assert clock_of(ticket, "next_response").stopped_at == NOON + 2 * HOUR
    act(ticket, "reject", desk.customer, NOON + 3 * HOUR, reason="没好")
    assert clock_of(ticket, "next_response", 2).state == "running"


def test_closing_owes_no_answer_any_more_but_forgets_no_breach(desk):
    kept, broken = (act(make_ticket(desk.customer), "take", desk.engineer) for _number in range(2))
    for ticket, hours in ((kept, 10), (broken, 30)):
        act(ticket, "resolve", desk.engineer, NOON + HOUR, resolution="好了")
        act(ticket, "confirm", desk.customer, NOON + hours * HOUR)
    assert clock_of(kept).state == "cancelled"
    assert (clock_of(broken).state, clock_of(broken).breached_at) == ("stopped", NOON + 24 * HOUR)


def test_a_logged_call_is_a_first_response_at_its_own_instant(desk):
    ticket = make_ticket(desk.customer, **URGENT)
    log_call(
        ticket_id=ticket.pk,
        author=desk.engineer,
        body="电话里说清了",
        at=NOON + 2 * HOUR,
        called_at=NOON + HOUR,
    )
    assert (clock_of(ticket).stopped_at, clock_of(ticket).breached) == (NOON + HOUR, False)


# --- calendars ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        pytest.param(local(4, 9), local(4, 14, 30), id="over lunch"),
        pytest.param(local(4, 12, 30), local(4, 17, 30), id="filed at lunch"),
        pytest.param(local(6, 16), local(9, 11), id="over the weekend"),
        pytest.param(local(6, 18), local(9, 14, 30), id="filed as the week ends"),
        pytest.param(local(8, 9), local(9, 14, 30), id="filed on a Sunday"),
        pytest.param(local(30, 16, month=9), local(8, 11, month=10), id="over the national holiday"),
        pytest.param(local(10, 9, month=10), local(10, 14, 30, month=10), id="on a make-up Saturday"),
    ],
)
def test_working_hours_are_counted_and_nothing_else(desk, office, filed, due):
    assert clock_of(make_ticket(desk.customer, at=filed)).due_at == due


def test_a_weekend_spent_waiting_for_the_customer_counts_nothing(desk, office):
    ticket = act(make_ticket(desk.customer, at=local(6, 9)), "take", desk.engineer, local(6, 9))
    due = clock_of(ticket, "resolution").due_at
    act(ticket, "wait_customer", desk.engineer, local(6, 18))
    say(ticket, desk.customer, local(9, 9))
    resting = clock_of(ticket, "resolution")
    assert (resting.paused_for, resting.due_at) == (ZERO, due)


def test_a_pause_counts_in_the_hours_of_the_clock(desk, office):
    ticket = act(make_ticket(desk.customer, at=local(6, 9)), "take", desk.engineer, local(6, 9))
    act(ticket, "wait_customer", desk.engineer, local(6, 17))
    say(ticket, desk.customer, local(9, 10))
    # One hour on Friday and one on Monday: sixteen hours would have ended at 10:00 on Tuesday.
    assert clock_of(ticket, "resolution").paused_for == 2 * HOUR
    assert clock_of(ticket, "resolution").due_at == local(10, 12)


def test_an_edited_calendar_moves_open_clocks_and_no_finished_ones(desk, office):
    done, open_ = (make_ticket(desk.customer, at=local(4, 16)) for _number in range(2))
    say(done, desk.engineer, local(4, 17))
    before = clock_of(open_).due_at
    day = SpecialDay(date=local(5, 9).date(), name="年会")
    mark_day(calendar_id=office.calendar_id, day=day, at=local(4, 18))
    assert work_off(at=local(4, 18)) == 3
    assert (before, clock_of(open_).due_at) == (local(5, 11), local(6, 11))
    assert clock_of(done).due_at == before
    assert open_.history.filter(event="clock_retargeted", data__why="rules").count() == 2


def test_a_breach_does_not_fire_while_the_office_is_closed(desk, office):
    ticket = make_ticket(desk.customer, at=local(6, 16))
    sweep(at=local(8, 12))
    assert not clock_of(ticket).breached
    sweep(at=local(9, 11) + TICK)
    assert clock_of(ticket).breached_at == local(9, 11)


# --- waiting --------------------------------------------------------------------------------------------


def test_the_vendors_time_is_told_apart_and_pauses_only_where_the_policy_says_so(desk):
    plain = act(make_ticket(desk.customer), "take", desk.engineer)
    act(plain, "wait_vendor", desk.engineer, NOON + HOUR)
    act(plain, "resume", desk.engineer, NOON + 3 * HOUR)
    make_policy("vendor", {("resolution", "general"): 72}, vendor_pauses=True, at=NOON)
    resting = act(make_ticket(desk.customer), "take", desk.engineer)
    act(resting, "wait_vendor", desk.engineer, NOON + HOUR)
    assert clock_of(resting, "resolution").state == "paused"
    act(resting, "resume", desk.engineer, NOON + 3 * HOUR)
    assert clock_of(plain, "resolution").due_at == NOON + 72 * HOUR
    assert clock_of(resting, "resolution").due_at == NOON + 74 * HOUR
    waits = Wait.objects.order_by("pk").values_list("reason", "pauses", "started_at", "ended_at")
    spent = (NOON + HOUR, NOON + 3 * HOUR)
    assert list(waits) == [("vendor", False, *spent), ("vendor", True, *spent)]


def test_a_pause_while_breaching_heals_nothing_and_resolving_closes_it(desk):
    ticket = act(make_ticket(desk.customer, **URGENT), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer, NOON + 8 * HOUR + TICK)
    act(ticket, "resolve", desk.engineer, NOON + 100 * HOUR, resolution="好了")
    broken = clock_of(ticket, "resolution")
    assert (broken.breached_at, broken.due_at) == (NOON + 8 * HOUR, NOON + 8 * HOUR)
    assert broken.worked == 8 * HOUR + TICK
    assert Wait.objects.get().ended_at == NOON + 100 * HOUR


def test_a_hold_of_months_is_not_held_against_us(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer, NOON + HOUR)
    act(ticket, "resolve", desk.engineer, NOON + 180 * 24 * HOUR, resolution="好了")
    kept = clock_of(ticket, "resolution")
    assert (kept.breached, kept.worked) == (False, HOUR)


# --- what changes a promise -----------------------------------------------------------------------------


def test_an_upgrade_past_due_is_due_after_the_policys_grace_in_working_time(desk):
    make_policy("graceful", {("first_response", "urgent"): 1}, grace=2 * HOUR, at=NOON)
    ticket = make_ticket(desk.customer)
    act(ticket, "set_tier", desk.engineer, NOON + 5 * HOUR, tier="urgent")
    assert clock_of(ticket).due_at == NOON + 7 * HOUR
    row = ticket.history.get(event="clock_retargeted", field="first_response")
    assert (row.data["grace"], row.data["why"]) == (True, "tier")


def test_a_downgrade_gives_more_time_and_keeps_the_pauses(desk):
    ticket = act(make_ticket(desk.customer, **URGENT), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer, NOON + HOUR)
    say(ticket, desk.customer, NOON + 4 * HOUR)
    act(ticket, "set_tier", desk.engineer, NOON + 5 * HOUR, tier="general")
    assert clock_of(ticket, "resolution").due_at == NOON + 75 * HOUR


def test_another_organisation_is_promised_what_its_contract_says(desk):
    gold = desk.stranger.organisation
    gold.contract_level = "gold"
    gold.save()
    make_policy("gold", {("first_response", "general"): 2}, contract_level="gold", at=NOON)
    ticket = make_ticket(desk.customer)
    change_organisation(ticket_id=ticket.pk, organisation=gold, actor=desk.manager, at=NOON + HOUR, version=1)
    assert clock_of(ticket).due_at == NOON + 2 * HOUR
    assert clock_of(ticket, "resolution").due_at == NOON + 72 * HOUR


def test_a_merged_ticket_leaves_no_promise_and_no_escalation_behind(desk):
    source, target = make_ticket(desk.customer), make_ticket(desk.customer)
    merge(source_id=source.pk, into_id=target.pk, actor=desk.engineer, at=NOON + HOUR, version=1)
    assert set(Clock.objects.filter(ticket=source).values_list("state", flat=True)) == {"cancelled"}
    assert sweep(at=NOON + 1000 * HOUR) == 2
    assert not source.history.filter(event="clock_breached").exists()


def test_a_follow_up_is_promised_anew(desk):
    old = act(make_ticket(desk.customer), "take", desk.engineer)
    act(old, "resolve", desk.engineer, resolution="好了")
    act(old, "confirm", desk.customer)
    later = NOON + 15 * 24 * HOUR
    follow_up = say(old, desk.customer, later).ticket
    assert follow_up.follow_up_of == old
    assert clock_of(follow_up).due_at == later + 24 * HOUR
    assert Ticket.objects.get(pk=old.pk).status == "closed"
