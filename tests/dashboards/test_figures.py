"""The figures of tickets whose past is known."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Team
from catalog.models import Product
from dashboards.formulae import Attainment, Durations, Fcr, Share
from surveys.scoring import Csat, Nps
from surveys.services.sending import send_due
from tests.dashboards.making import DAY, HOUR, TICK, read, reply_to, say, solved_at_once
from tests.factories import NOON, act, make_ticket, make_user
from tickets.models import Resolution, Ticket

pytestmark = pytest.mark.django_db
WEEK = 7 * DAY


# --- first-contact resolution ---------------------------------------------------------------------------


def test_one_reply_and_resolved_is_first_contact(desk):
    solved_at_once(desk)
    assert read().fcr == Fcr(1, 1, 0)


def test_a_second_reply_is_none(desk):
    ticket = make_ticket(desk.customer)
    act(ticket, "take", desk.engineer)
    reply_to(ticket, desk.engineer, NOON)
    reply_to(ticket, desk.engineer, NOON + HOUR)
    act(ticket, "resolve", desk.engineer, NOON + HOUR, resolution="好了")
    assert read().fcr == Fcr(0, 1, 0)


@pytest.mark.parametrize(("days", "fcr"), [(6, Fcr(0, 1)), (8, Fcr(1, 1))])
def test_a_reopening_is_held_against_it_for_seven_days(desk, days, fcr):
    act(solved_at_once(desk), "reject", desk.customer, NOON + days * DAY, reason="又坏了")
    assert read().fcr == fcr


@pytest.mark.parametrize(("late", "fcr"), [(-TICK, Fcr(0, 1)), (0 * TICK, Fcr(1, 1))])
def test_a_reopening_after_seven_days_to_the_microsecond_is_not(desk, late, fcr):
    act(solved_at_once(desk), "reject", desk.customer, NOON + WEEK + late, reason="又坏了")
    assert read().fcr == fcr


@pytest.mark.parametrize(("late", "fcr"), [(-TICK, Fcr(0, 1)), (0 * TICK, Fcr(1, 1))])
def test_so_is_a_follow_up(desk, late, fcr):
    ticket = solved_at_once(desk)
    make_ticket(desk.customer, at=NOON + 3 * WEEK)
    Ticket.objects.exclude(pk=ticket.pk).update(follow_up_of=ticket, created_at=NOON + WEEK + late)
    assert read().fcr == fcr


def test_a_no_in_the_questionnaire_is_held_against_it_even_after_the_seven_days(desk):
    ticket = solved_at_once(desk)
    act(ticket, "confirm", desk.customer, NOON + HOUR)
    say(ticket, "no", after=10 * DAY)
    assert read().fcr == Fcr(0, 1)


@pytest.mark.parametrize("solved", ["yes", "partly"])
def test_any_other_answer_is_not(desk, solved):
    say(solved_at_once(desk), solved)
    assert read().fcr == Fcr(1, 1)


def test_until_the_seven_days_are_over_it_is_provisional_to_the_microsecond(desk):
    solved_at_once(desk)
    assert read(at=NOON + WEEK - TICK).fcr == Fcr(0, 0, 1)
    assert read(at=NOON + WEEK).fcr == Fcr(1, 1, 0)


def test_a_ticket_resolved_twice_counts_once_by_its_first_resolution(desk):
    ticket = solved_at_once(desk)
    act(ticket, "reject", desk.customer, NOON + DAY, reason="又坏了")
    act(ticket, "resolve", desk.engineer, NOON + 2 * DAY, resolution="这次好了")
    found = read()
    assert found.fcr == Fcr(0, 1)
    assert found.resolved == 1
    assert found.resolution_time.n == 2
    assert read(start=NOON + DAY).fcr == Fcr(0, 0)
    assert read(start=NOON + DAY).resolved == 1


def test_what_cannot_be_judged_is_in_no_denominator(desk):
    solved_at_once(desk)
    Resolution.objects.update(first_contact=None)
    assert read().fcr == Fcr(0, 0, 0)
    assert read(at=NOON + DAY).fcr == Fcr(0, 0, 0)
    assert read().resolved == 1


# --- questionnaires -------------------------------------------------------------------------------------


def test_recommendation_satisfaction_and_response(desk):
    for day, (recommend, satisfaction) in enumerate([(10, 5), (9, 4), (8, 3), (7, None), (6, 1), (None, 2)]):
        desk.customer = make_user(f"c{day}@test.example")
        say(solved_at_once(desk), recommend=recommend, satisfaction=satisfaction)
    desk.customer = make_user("silent@test.example")
    solved_at_once(desk)
    send_due(at=NOON + HOUR)
    found = read()
    assert found.nps == Nps(promoters=2, passives=2, detractors=1)
    assert found.nps.value == 20.0
    assert found.csat == Csat(numerator=2, n=5)
    assert found.response_rate == Share(6, 7)


def test_answers_count_by_answer_date_and_questionnaires_by_sending_date(desk):
    say(solved_at_once(desk), after=3 * DAY, recommend=10, satisfaction=5)
    sent = read(start=NOON, end=NOON + DAY)
    assert (sent.response_rate, sent.nps.n, sent.csat.n) == (Share(1, 1), 0, 0)
    answered = read(start=NOON + 3 * DAY, end=NOON + 4 * DAY)
    assert (answered.response_rate, answered.nps.n, answered.csat.n) == (Share(0, 0), 1, 1)


def test_a_questionnaire_that_was_not_sent_is_not_counted(desk):
    solved_at_once(desk)
    assert read().response_rate == Share(0, 0)


def test_what_can_still_be_answered_is_told(desk):
    solved_at_once(desk)
    send_due(at=NOON + HOUR)
    assert read(at=NOON + HOUR + 14 * DAY).unanswered_yet == 1
    assert read(at=NOON + HOUR + 14 * DAY + TICK).unanswered_yet == 0


# --- promises -------------------------------------------------------------------------------------------


def first(found, tier="general"):
    return found.sla["first_response"][tier]


def test_the_promise_is_met_to_the_microsecond(desk):
    for late in (0 * TICK, TICK):
        reply_to(make_ticket(desk.customer), desk.engineer, NOON + DAY + late)
    assert first(read()) == Attainment(met=1, breached=1)


def test_one_still_running_past_its_due_moment_is_broken_without_any_sweep(desk):
    make_ticket(desk.customer)
    assert first(read(at=NOON + DAY)) == Attainment(0, 0)
    assert first(read(at=NOON + DAY + TICK)) == Attainment(0, 1)


def test_it_counts_on_the_day_it_ended_or_fell_due_whichever_came_first(desk):
    early, late = make_ticket(desk.customer), make_ticket(desk.customer)
    reply_to(early, desk.engineer, NOON + HOUR)
    reply_to(late, desk.engineer, NOON + 5 * DAY)
    assert first(read(start=NOON, end=NOON + DAY)) == Attainment(1, 0)
    assert first(read(start=NOON + DAY, end=NOON + 2 * DAY)) == Attainment(0, 1)
    assert first(read(start=NOON + 5 * DAY, end=NOON + 6 * DAY)) == Attainment(0, 0)


def test_a_paused_clock_is_not_past_its_due_moment(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer, NOON + HOUR)
    assert read(at=NOON + 20 * DAY).sla["resolution"]["general"] == Attainment(0, 0)


def test_one_that_was_broken_before_the_pause_stays_broken(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer, NOON + 4 * DAY)
    assert read(at=NOON + 20 * DAY).sla["resolution"]["general"] == Attainment(0, 1)


def test_each_cycle_has_its_own_outcome(desk):
    ticket = solved_at_once(desk)
    act(ticket, "reject", desk.customer, NOON + HOUR, reason="没好")
    assert read().sla["resolution"]["general"] == Attainment(met=1, breached=1)


def test_each_tier_stands_alone_and_all_are_there(desk):
    reply_to(make_ticket(desk.customer, category="how-to"), desk.engineer, NOON + HOUR)
    found = read(at=NOON + 2 * HOUR)
    assert first(found, "consultation") == Attainment(1, 0)
    assert set(found.sla) == {"first_response", "next_response", "resolution"}
    assert all(set(tiers) == {"urgent", "general", "consultation"} for tiers in found.sla.values())
    assert found.attainment("first_response") == Attainment(1, 0)


# --- time -----------------------------------------------------------------------------------------------


def test_percentiles_lie_between_the_nearest_two(desk):
    for hours in (1, 2, 4, 10):
        solved_at_once(desk, filed=NOON - hours * HOUR)
    found = read()
    assert found.resolution_time == Durations(3 * 3600.0, pytest.approx(8.2 * 3600), 4)
    assert found.first_response_time == found.resolution_time


def test_a_later_cycle_is_timed_from_its_reopening(desk):
    ticket = solved_at_once(desk)
    act(ticket, "reject", desk.customer, NOON + 5 * DAY, reason="又坏了")
    act(ticket, "resolve", desk.engineer, NOON + 5 * DAY + 2 * HOUR, resolution="好了")
    found = read(start=NOON + DAY)
    assert found.resolution_time == Durations(7200.0, 7200.0, 1)


# --- amounts --------------------------------------------------------------------------------------------


def test_the_backlog_of_a_past_day_is_what_was_open_when_it_ended(desk):
    make_ticket(desk.customer)
    ticket = solved_at_once(desk, at=NOON + 2 * DAY, filed=NOON)
    act(ticket, "reject", desk.customer, NOON + 4 * DAY, reason="又坏了")
    act(ticket, "resolve", desk.engineer, NOON + 6 * DAY, resolution="好了")
    act(ticket, "confirm", desk.customer, NOON + 7 * DAY)
    by_day = [read(end=NOON + n * DAY).backlog for n in range(9)]
    assert by_day == [0, 2, 2, 1, 1, 2, 2, 1, 1]


def test_the_backlog_of_a_period_that_goes_on_is_todays(desk):
    make_ticket(desk.customer)
    assert read(at=NOON + HOUR).backlog == 1
    assert read(at=NOON).backlog == 0


def test_a_ticket_closed_without_a_resolution_is_open_until_then(desk):
    ticket = make_ticket(desk.customer)
    Ticket.objects.filter(pk=ticket.pk).update(status="closed", closed_at=NOON + 2 * DAY)
    assert [read(end=NOON + n * DAY).backlog for n in (1, 2, 3)] == [1, 1, 0]
    assert read().resolved == 0


def test_tickets_that_stay_with_their_team(desk):
    make_ticket(desk.customer)
    moved = act(make_ticket(desk.customer), "take", desk.engineer)
    act(moved, "hand_over", desk.engineer, NOON, team=Team.objects.get(code="gl"))
    Ticket.objects.filter(pk=make_ticket(desk.customer).pk).update(team=None)
    found = read()
    assert (found.opened, found.one_team) == (3, Share(1, 2))


# --- what is out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["cancelled", "merged"])
def test_cancelled_and_merged_tickets_are_in_no_figure(desk, status):
    ticket = solved_at_once(desk)
    say(ticket, recommend=9, satisfaction=5)
    make_ticket(desk.customer)
    Ticket.objects.update(status=status, closed_at=NOON + 3 * DAY, resolved_at=None)
    assert read() == read(start=NOON + 50 * DAY, end=NOON + 51 * DAY)
    assert read(end=NOON + DAY).backlog == 0


def test_an_open_ticket_that_is_cancelled_leaves_no_breach_behind(desk):
    act(make_ticket(desk.customer), "cancel", desk.customer, NOON + 2 * DAY)
    assert first(read()) == Attainment(0, 0)


def test_an_empty_period_has_no_values(desk):
    found = read()
    assert (found.opened, found.resolved, found.backlog) == (0, 0, 0)
    assert {found.fcr.value, found.nps.value, found.csat.value, found.response_rate.value} == {None}
    assert {one.value for tiers in found.sla.values() for one in tiers.values()} == {None}
    assert found.first_response_time == found.resolution_time == Durations(None, None, 0)


# --- borders, team, product -----------------------------------------------------------------------------


def test_a_period_is_half_open(desk):
    midnight = datetime(2026, 3, 4, 16, tzinfo=UTC)  # in Shanghai
    for at in (midnight - TICK, midnight):
        make_ticket(desk.customer, at=at)
    assert read(start=midnight - DAY, end=midnight).opened == 1
    assert read(start=midnight, end=midnight + DAY).opened == 1
    assert read(start=midnight - DAY, end=midnight + DAY).opened == 2


def test_a_team_and_a_product_narrow_every_figure(desk):
    say(solved_at_once(desk), recommend=9, satisfaction=5)
    make_ticket(desk.customer)
    everything, nothing = read(), read(start=NOON + 50 * DAY, end=NOON + 51 * DAY)
    reports, platform = Team.objects.get(code="reports"), Team.objects.get(code="platform")
    product, other = Product.objects.get(code="yonyou-nc-cloud"), Product.objects.get(code="sap-s4hana")
    assert read(team=reports) == read(product=product) == read(team=reports, product=product) == everything
    for narrowed in (read(team=platform), read(product=other), read(team=reports, product=other)):
        assert (narrowed.opened, narrowed.backlog) == (0, 0)
        assert (narrowed.fcr, narrowed.nps, narrowed.sla) == (nothing.fcr, nothing.nps, nothing.sla)


def test_a_resolution_stays_with_the_team_that_resolved(desk):
    ticket = solved_at_once(desk)
    say(ticket, "partly", recommend=9)
    act(ticket, "reject", desk.customer, NOON + 9 * DAY, reason="又坏了")
    act(ticket, "hand_over", desk.engineer, NOON + 9 * DAY, team=Team.objects.get(code="gl"))
    reports = read(team=Team.objects.get(code="reports"))
    assert (reports.fcr, reports.nps.n, reports.opened) == (Fcr(1, 1), 1, 0)
    assert read(team=Team.objects.get(code="gl")).opened == 1


def test_the_number_of_queries_does_not_hang_on_the_number_of_tickets(desk):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            read()
        return len(captured)

    solved_at_once(desk)
    one = queries()
    for _number in range(20):
        solved_at_once(desk)
    assert queries() == one == 7
