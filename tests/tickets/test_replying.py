"""Messages and what they set going."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from common.errors import InvalidInput, NotAllowed, TooMany
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Message, Ticket
from tickets.services.errors import AnsweredMeanwhile
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


def say(ticket, author, body="好的", at=NOON, **more):
    return reply(ticket_id=ticket.pk, author=author, body=body, at=at, **more)


def test_the_first_public_reply_by_staff_is_the_first_response(desk):
    ticket = make_ticket(desk.customer)
    say(ticket, desk.engineer, public=False)
    assert Ticket.objects.get().first_responded_at is None
    say(ticket, desk.engineer, at=NOON + timedelta(minutes=5))
    say(ticket, desk.engineer, at=NOON + timedelta(minutes=9))
    assert Ticket.objects.get().first_responded_at == NOON + timedelta(minutes=5)


def test_a_program_does_not_respond(desk):
    desk.engineer.is_bot = True
    desk.engineer.save()
    say(make_ticket(desk.customer), desk.engineer)
    assert Ticket.objects.get().first_responded_at is None


def test_the_customers_word_puts_a_waiting_ticket_back_to_work(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer)
    assert say(ticket, desk.customer).ticket.status == "in_progress"


def test_the_customers_word_within_the_window_reopens(desk):
    ticket = closed(desk)
    after = say(ticket, desk.customer, at=NOON + timedelta(days=14)).ticket
    assert (after.pk, after.status, after.cycle) == (ticket.pk, "in_progress", 2)


def test_the_customers_word_past_the_window_opens_a_linked_follow_up(desk):
    ticket = closed(desk)
    after = say(ticket, desk.customer, "又出现了", at=NOON + timedelta(days=14, microseconds=1)).ticket
    assert after.pk != ticket.pk
    assert (after.follow_up_of_id, after.description, after.status) == (ticket.pk, "又出现了", "new")
    assert Ticket.objects.get(pk=ticket.pk).status == "closed"


def closed(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    return act(ticket, "confirm", desk.customer)


def test_customers_write_no_internal_notes_and_strangers_nothing(desk):
    ticket = make_ticket(desk.customer)
    with pytest.raises(NotAllowed):
        say(ticket, desk.customer, public=False)
    with pytest.raises(NotAllowed):
        say(ticket, desk.stranger)
    assert not Message.objects.exists()


@pytest.mark.parametrize("body", ["", " \n\t", "\0\0", "长" * 20_001])
def test_an_empty_or_endless_message_is_refused(desk, body):
    with pytest.raises(InvalidInput):
        say(make_ticket(desk.customer), desk.customer, body)


def test_filing_has_an_hourly_allowance(desk, settings):
    settings.FILINGS_PER_HOUR = 2
    make_ticket(desk.customer)
    make_ticket(desk.customer)
    with pytest.raises(TooMany):
        make_ticket(desk.customer)
    make_ticket(desk.stranger)
    make_ticket(desk.customer, at=NOON + timedelta(hours=1, microseconds=1))


def test_the_same_key_again_is_the_same_message(desk):
    ticket = make_ticket(desk.customer)
    key = uuid4()
    first = say(ticket, desk.customer, key=key)
    again = say(ticket, desk.customer, "另一段", key=key)
    assert (again.message, again.repeated) == (first.message, True)
    assert Message.objects.count() == 1
    say(ticket, desk.engineer, key=key)
    assert Message.objects.count() == 2


def test_the_same_key_again_opens_no_second_follow_up(desk):
    ticket, key, late = closed(desk), uuid4(), NOON + timedelta(days=15)
    first = say(ticket, desk.customer, "又出现了", at=late, key=key)
    again = say(ticket, desk.customer, "又出现了", at=late, key=key)
    assert (again.ticket.pk, again.repeated) == (first.ticket.pk, True)
    assert Ticket.objects.count() == 2


def test_the_database_itself_refuses_a_message_sent_twice(desk):
    ticket, key = make_ticket(desk.customer), uuid4()
    message = say(ticket, desk.customer, key=key).message
    message.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        message.save(force_insert=True)


def test_staff_is_told_of_what_others_wrote_since_it_looked(desk):
    ticket = make_ticket(desk.customer)
    seen = say(ticket, desk.engineer).message.pk
    say(ticket, desk.engineer, public=False)
    say(ticket, desk.engineer, seen=seen)
    news = say(ticket, desk.customer, "还是不行").message
    with pytest.raises(AnsweredMeanwhile) as refusal:
        say(ticket, desk.engineer, seen=seen)
    assert refusal.value.messages == [news]
    say(ticket, desk.engineer, public=False, seen=seen)
    say(ticket, desk.customer, seen=seen)
    last = Message.objects.latest("pk").pk
    assert say(ticket, desk.engineer, seen=last).message is not None
