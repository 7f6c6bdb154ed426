"""A phone call with the customer is put on the ticket."""

from datetime import timedelta

import pytest
import time_machine

from common.errors import InvalidInput, NotAllowed
from notifications.models import Delivery, Notification
from sla.base import load_targets
from sla.models import Clock
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Message, Resolution, Ticket
from tickets.services.calling import log_call
from tickets.services.errors import AnsweredMeanwhile
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MINUTE, HOUR, TICK = timedelta(minutes=1), timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture
def desk():
    with time_machine.travel(NOON + HOUR, tick=False):
        load_targets()
        desk = make_desk()
        for person in desk.people().values():
            person.language = "en"
            person.save()
        yield desk


@pytest.fixture
def ticket(desk):
    return make_ticket(desk.customer)


def call(ticket, author, called_at=None, at=NOON + HOUR, **more) -> Message:
    return log_call(
        ticket_id=ticket.pk, author=author, body="电话里说明了步骤", at=at, called_at=called_at, **more
    ).message


def test_a_call_is_a_public_word_of_staff_at_the_instant_it_took_place(desk, ticket):
    message = call(ticket, desk.engineer, NOON + 10 * MINUTE)
    assert (message.kind, message.by_staff, message.channel) == ("public", True, "phone")
    assert message.is_call
    assert message.at == NOON + 10 * MINUTE
    assert Ticket.objects.get().first_responded_at == NOON + 10 * MINUTE


def test_the_first_promise_is_kept_by_the_call_and_not_by_its_logging(desk):
    ticket = make_ticket(desk.customer)
    act(ticket, "set_tier", desk.engineer, tier="urgent")
    call(ticket, desk.engineer, NOON + HOUR, at=NOON + 5 * HOUR)
    clock = Clock.objects.get(ticket=ticket, metric="first_response")
    assert (clock.state, clock.stopped_at, clock.breached_at) == ("stopped", NOON + HOUR, None)


def test_a_later_call_is_no_first_response(desk, ticket):
    reply(ticket_id=ticket.pk, author=desk.engineer, body="好的", at=NOON + MINUTE)
    call(ticket, desk.engineer)
    assert Ticket.objects.get().first_responded_at == NOON + MINUTE
    assert "first_response" not in ticket.history.get(event="called").data


def test_the_history_says_when_it_was_logged_and_when_it_was(desk, ticket):
    message = call(ticket, desk.engineer, NOON + MINUTE)
    row = ticket.history.get(event="called")
    assert row.at == NOON + HOUR
    assert row.data == {"message": message.pk, "first_response": True, "called_at": message.at.isoformat()}


def test_just_now_is_meant_where_no_moment_is_given(desk, ticket):
    assert call(ticket, desk.engineer).at == NOON + HOUR


@pytest.mark.parametrize(
    ("called_at", "at"),
    [
        (NOON + HOUR + TICK, NOON + HOUR),
        (NOON - MINUTE, NOON + HOUR),
        (NOON + HOUR, NOON + 25 * HOUR + TICK),
    ],
    ids=["in the future", "before the ticket", "longer ago than a day"],
)
def test_a_moment_at_which_it_cannot_have_been_is_refused(desk, ticket, called_at, at):
    with pytest.raises(InvalidInput) as refused:
        call(ticket, desk.engineer, called_at, at)
    assert set(refused.value.fields) == {"at"}
    assert not Message.objects.exists()


def test_a_call_a_day_ago_to_the_microsecond_is_taken(desk, ticket):
    assert call(ticket, desk.engineer, NOON, NOON + 24 * HOUR).at == NOON


def test_the_minute_in_which_the_ticket_was_filed_is_not_before_it(desk):
    ticket = make_ticket(desk.customer, at=NOON + 30 * TICK)
    assert call(ticket, desk.engineer, NOON).at == ticket.created_at


def test_only_agents_of_the_ticket_log_calls(desk, ticket):
    for who in (desk.customer, desk.engineer2):
        with pytest.raises(NotAllowed):
            call(ticket, who)


def test_no_letter_says_what_the_customer_has_heard_but_the_bell_shows_it(desk, ticket):
    Delivery.objects.all().delete()
    call(ticket, desk.engineer)
    assert not Delivery.objects.exists()
    assert Notification.objects.filter(user=desk.customer, kind="staff_replied").count() == 1


def test_what_the_customer_wrote_meanwhile_is_shown_first(desk, ticket):
    reply(ticket_id=ticket.pk, author=desk.customer, body="还有一点", at=NOON + MINUTE)
    with pytest.raises(AnsweredMeanwhile):
        call(ticket, desk.engineer, NOON, seen=0)


# --- first contact --------------------------------------------------------------------------------------


def first_contact(desk, ticket) -> bool:
    act(ticket, "take", desk.engineer, NOON + HOUR)
    act(ticket, "resolve", desk.engineer, NOON + HOUR, resolution="好了")
    return Resolution.objects.get(ticket=ticket).first_contact


def test_one_logged_call_is_a_first_contact_that_sufficed(desk, ticket):
    call(ticket, desk.engineer, NOON + MINUTE)
    assert first_contact(desk, ticket)


def test_a_call_and_a_reply_are_two(desk, ticket):
    call(ticket, desk.engineer, NOON + MINUTE)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="再补充一点", at=NOON + 2 * MINUTE)
    assert not first_contact(desk, ticket)


def test_who_writes_after_the_call_was_not_helped_by_it_though_it_was_logged_later(desk, ticket):
    reply(ticket_id=ticket.pk, author=desk.customer, body="还是不行", at=NOON + 2 * MINUTE)
    call(ticket, desk.engineer, NOON + MINUTE)
    assert not first_contact(desk, ticket)


# --- screens --------------------------------------------------------------------------------------------


def test_an_engineer_logs_a_call_in_the_reply_box(client, desk, ticket):
    client.force_login(desk.engineer)
    url = f"/tickets/{ticket.number}/replies/"
    given = {"body": "电话里说明了步骤", "kind": "call", "called_at": "2026-03-04T12:10", "seen": "0"}
    early = client.post(url, {**given, "called_at": "2026-03-03T23:59"}, headers=HTMX)
    assert early.status_code == 422
    assert "cannot have been before the ticket" in early.text
    assert 'value="2026-03-03T23:59"' in early.text
    done = client.post(url, given, headers=HTMX)
    assert done.status_code == 200
    assert "Phone call</span>" in done.text
    assert Message.objects.get().at == NOON + 10 * MINUTE
    told = client.get(f"/tickets/{ticket.number}/history/").text
    assert "talked with the customer on the phone, 12:10" in told.replace("today ", "")


def test_the_customer_reads_it_as_a_call(client, desk, ticket):
    call(ticket, desk.engineer, NOON + 10 * MINUTE)
    client.force_login(desk.customer)
    page = client.get(f"/tickets/{ticket.number}/").text
    assert "电话里说明了步骤" in page
    assert "Phone call</span>" in page
    assert "talked with you on the phone" in client.get(f"/tickets/{ticket.number}/history/").text


def test_a_call_logged_late_is_no_news_again_and_again(client, desk, ticket):
    written = reply(ticket_id=ticket.pk, author=desk.customer, body="还有一点", at=NOON + 30 * MINUTE).message
    late = call(ticket, desk.manager, NOON + MINUTE)
    client.force_login(desk.engineer)
    page = client.get(f"/tickets/{ticket.number}/").text
    assert page.index(f"m-{late.pk}") < page.index(f"m-{written.pk}")
    assert f'name="seen" value="{late.pk}"' in page
    live = client.get(f"/tickets/{ticket.number}/", {"part": "live", "last": late.pk}, headers=HTMX)
    assert "new message" not in live.text


def test_programs_log_calls(client, desk, ticket):
    client.force_login(desk.engineer)
    url, kind = f"/api/v1/tickets/{ticket.number}/calls", "application/json"
    wrong = client.post(url, {"body": "说明了", "at": "2026-03-05T04:10:00Z"}, content_type=kind)
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"at"})
    done = client.post(url, {"body": "说明了", "at": "2026-03-04T04:10:00Z"}, content_type=kind)
    message = done.json()["message"]
    assert (done.status_code, message["channel"], message["at"]) == (201, "phone", "2026-03-04T04:10:00Z")
