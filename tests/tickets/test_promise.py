"""How far a ticket is and what its customer is promised, in words."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from sla.selectors import clocks_of
from tests.factories import NOON, act, make_desk, make_ticket
from tests.sla.rules import promise_nothing
from tickets.models import Ticket
from tickets.services.replying import reply
from tickets.views._promise import promise_of, stages

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    with (
        time_machine.travel(NOON, tick=False),
        translation.override("en"),
        timezone.override("Asia/Shanghai"),
    ):
        yield make_desk()


def promise(ticket: Ticket, at=NOON):
    ticket = Ticket.objects.select_related("assignee").get(pk=ticket.pk)
    return promise_of(ticket, clocks_of([ticket])[ticket.pk], at)


def states(ticket: Ticket) -> list[str]:
    ticket.refresh_from_db()
    return [stage.state for stage in stages(ticket)]


def test_at_first_the_moment_of_the_answer_is_promised(desk):
    found = promise(make_ticket(desk.customer))
    assert (found.kind, found.moment) == ("answer", NOON + 24 * HOUR)
    assert "tomorrow 12:00" in found.text
    assert f'<b><time datetime="{found.moment.isoformat()}">tomorrow 12:00</time></b>' in found.html


def test_after_the_answer_the_moment_of_the_resolution_is(desk):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="在看", at=NOON)
    found = promise(ticket)
    assert (found.kind, found.moment) == ("resolve", NOON + 72 * HOUR)


def test_a_broken_promise_is_owned_up_to(desk):
    ticket = make_ticket(desk.customer)
    assert promise(ticket, NOON + 24 * HOUR).kind == "answer"
    assert promise(ticket, NOON + 24 * HOUR + timedelta(microseconds=1)).kind == "late"


def test_waiting_for_the_customer_says_what_to_do(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer)
    assert promise(ticket).kind == "yours"
    assert [stage.name for stage in stages(Ticket.objects.get())][2] == "Waiting for you"


def test_resolved_asks_for_a_look_and_names_the_moment_it_closes(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, resolution="取数公式\n已改回。")
    found = promise(ticket)
    assert (found.kind, found.text) == ("confirm", "周航 has finished it: please have a look")
    assert "取数公式 已改回。" in found.detail
    assert "Mar 8, 12:00" in found.detail


def test_the_way_is_shown_by_where_the_ticket_is(desk):
    ticket = make_ticket(desk.customer)
    assert states(ticket) == ["now", "ahead", "ahead", "ahead", "ahead"]
    act(ticket, "assign", desk.engineer, assignee=desk.engineer)
    assert states(ticket) == ["past", "now", "ahead", "ahead", "ahead"]
    act(ticket, "start", desk.engineer)
    assert states(ticket) == ["past", "past", "now", "ahead", "ahead"]
    act(ticket, "resolve", desk.engineer, resolution="好了")
    assert states(ticket) == ["past", "past", "past", "now", "ahead"]
    act(ticket, "confirm", desk.customer)
    assert states(ticket) == ["past"] * 5
    assert promise(ticket).kind == "done"


def test_a_cancelled_ticket_has_a_short_way(desk):
    ticket = act(make_ticket(desk.customer), "cancel", desk.customer)
    assert states(ticket) == ["past", "now"]
    assert promise(ticket).kind == "ended"


def test_where_nothing_is_promised_no_moment_is_named(desk):
    promise_nothing()
    found = promise(make_ticket(desk.customer))
    assert (found.kind, found.moment) == ("working", None)


def test_a_name_with_markup_or_placeholders_stays_text(desk):
    desk.engineer.name = "<i>%(stress)s %s"
    desk.engineer.save()
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    assert "<i>" not in promise(ticket).html
