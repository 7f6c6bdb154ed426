"""The one writer of a status."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from common.errors import InvalidInput, NotAllowed
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import HistoryEntry, Resolution, Ticket
from tickets.services.closing import close_silent
from tickets.services.errors import ActionNotPossible, StaleVersion
from tickets.services.replying import reply
from tickets.services.transition import transition

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    return make_desk()


def resolved(desk, **fields):
    ticket = make_ticket(desk.customer, **fields)
    act(ticket, "take", desk.engineer, NOON + HOUR)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="请看一下合并任务。", at=NOON + HOUR)
    return act(ticket, "resolve", desk.engineer, NOON + 2 * HOUR, resolution="重新执行后正常。")


def test_taking_a_new_ticket_makes_it_mine_and_in_progress(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    assert (ticket.status, ticket.assignee, ticket.version) == ("in_progress", desk.engineer, 2)


def test_a_stale_version_is_refused_with_the_present_state(desk):
    ticket = make_ticket(desk.customer)
    act(ticket, "take", desk.engineer)
    with pytest.raises(StaleVersion) as refusal:
        transition(ticket_id=ticket.pk, action="take", actor=desk.engineer, at=NOON, version=1)
    assert refusal.value.ticket.version == 2


def test_an_action_that_leads_nowhere_names_those_that_do(desk):
    ticket = make_ticket(desk.customer)
    with pytest.raises(ActionNotPossible) as refusal:
        act(ticket, "resolve", desk.engineer, resolution="x")
    assert "take" in refusal.value.actions
    assert "confirm" not in refusal.value.actions


def test_an_unknown_action_leads_nowhere(desk):
    with pytest.raises(ActionNotPossible):
        act(make_ticket(desk.customer), "explode", desk.engineer)


def test_resolving_needs_a_text_and_changes_nothing_without(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    with pytest.raises(InvalidInput) as refusal:
        act(ticket, "resolve", desk.engineer, resolution="  ")
    assert "resolution" in refusal.value.fields
    assert Ticket.objects.get().status == "in_progress"


@pytest.mark.parametrize(
    ("who", "action"), [("customer", "take"), ("engineer2", "take"), ("engineer", "confirm")]
)
def test_only_the_right_party_may(desk, who, action):
    ticket = resolved(desk) if action == "confirm" else make_ticket(desk.customer)
    with pytest.raises(NotAllowed):
        act(ticket, action, getattr(desk, who))


def test_a_confirmed_resolution_closes(desk):
    ticket = act(resolved(desk), "confirm", desk.customer, NOON + 3 * HOUR)
    assert (ticket.status, ticket.closed_at) == ("closed", NOON + 3 * HOUR)


def test_a_rejection_reopens_in_a_new_cycle_and_keeps_the_old_facts(desk):
    ticket = act(resolved(desk), "reject", desk.customer, NOON + 3 * HOUR, reason="还是空白")
    first = Resolution.objects.get(ticket=ticket)
    assert (ticket.status, ticket.cycle, ticket.resolved_at) == ("in_progress", 2, None)
    assert (first.cycle, first.reopened_at) == (1, NOON + 3 * HOUR)
    entry = HistoryEntry.objects.get(ticket=ticket, event="reject", field="status")
    assert entry.data["reason"] == "还是空白"


def test_one_public_reply_and_no_question_after_it_is_a_first_contact_resolution(desk):
    resolved(desk)
    assert Resolution.objects.get().first_contact is True


def test_a_question_after_the_reply_is_no_first_contact_resolution(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="请重试", at=NOON + HOUR)
    reply(ticket_id=ticket.pk, author=desk.customer, body="不行", at=NOON + 2 * HOUR)
    act(ticket, "resolve", desk.engineer, NOON + 3 * HOUR, resolution="好了")
    assert Resolution.objects.get().first_contact is False


def test_a_handover_is_counted_and_leaves_nobody_holding_it(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    team = desk.engineer2.teams.get()
    ticket = act(ticket, "hand_over", desk.engineer, team=team, note="平台问题")
    assert (ticket.status, ticket.assignee, ticket.team, ticket.handovers) == ("assigned", None, team, 1)


def test_a_note_to_waiting_for_the_vendor_is_kept(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_vendor", desk.engineer, note="已提给厂商")
    assert HistoryEntry.objects.get(event="wait_vendor").data == {"note": "已提给厂商"}


def test_assigning_to_someone_outside_the_team_is_refused(desk):
    with pytest.raises(InvalidInput):
        act(make_ticket(desk.customer), "assign", desk.engineer, assignee=desk.engineer2)


def test_history_cannot_be_rewritten(desk):
    make_ticket(desk.customer)
    with pytest.raises(DatabaseError), transaction.atomic():
        HistoryEntry.objects.update(event="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        HistoryEntry.objects.all().delete()


def test_four_days_of_silence_close_to_the_moment(desk):
    ticket = resolved(desk)
    edge = ticket.resolved_at + timedelta(days=4)
    assert close_silent(at=edge - timedelta(microseconds=1)) == 0
    assert close_silent(at=edge) == 1
    assert close_silent(at=edge) == 0
    assert Ticket.objects.get().status == "closed"


def test_a_word_from_the_customer_puts_the_silent_closing_off(desk):
    ticket = resolved(desk)
    reply(
        ticket_id=ticket.pk, author=desk.customer, body="明天再看", at=ticket.resolved_at + timedelta(days=3)
    )
    assert close_silent(at=ticket.resolved_at + timedelta(days=4)) == 0
