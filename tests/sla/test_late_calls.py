"""A call logged late counts at the instant it took place, for every promise to answer."""

from datetime import timedelta

import pytest

from sla.base import load_targets
from sla.models import Clock
from sla.services.enforcing import sweep
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.services.calling import log_call
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk():
    load_targets()
    return make_desk()


def call(ticket, author, called_at, at):
    log_call(ticket_id=ticket.pk, author=author, body="电话里说明了步骤", at=at, called_at=called_at)


def test_a_call_before_the_question_does_not_answer_it(desk):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="好的", at=NOON + MINUTE)
    reply(ticket_id=ticket.pk, author=desk.customer, body="还是不行", at=NOON + 30 * MINUTE)
    call(ticket, desk.engineer, NOON + 10 * MINUTE, NOON + 60 * MINUTE)
    assert Clock.objects.get(ticket=ticket, metric="next_response").state == "running"


def test_what_came_between_the_first_call_and_its_logging_waits_for_an_answer(desk):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.customer, body="还有一点", at=NOON + 30 * MINUTE)
    call(ticket, desk.engineer, NOON + 10 * MINUTE, NOON + 60 * MINUTE)
    assert Clock.objects.get(ticket=ticket, metric="first_response").stopped_at == NOON + 10 * MINUTE
    waiting = Clock.objects.get(ticket=ticket, metric="next_response")
    assert (waiting.state, waiting.started_at) == ("running", NOON + 30 * MINUTE)


def test_a_breach_on_record_is_none_once_the_call_in_time_is_logged(desk):
    ticket = act(make_ticket(desk.customer), "set_tier", desk.engineer, tier="urgent")
    sweep(at=NOON + 90 * MINUTE)
    call(ticket, desk.engineer, NOON + 10 * MINUTE, NOON + 100 * MINUTE)
    clock = Clock.objects.get(ticket=ticket, metric="first_response")
    assert (clock.state, clock.stopped_at, clock.breached_at) == ("stopped", NOON + 10 * MINUTE, None)


def test_a_call_after_the_due_moment_is_late_however_it_is_logged(desk):
    ticket = act(make_ticket(desk.customer), "set_tier", desk.engineer, tier="urgent")
    call(ticket, desk.engineer, NOON + 61 * MINUTE, NOON + 100 * MINUTE)
    assert Clock.objects.get(ticket=ticket, metric="first_response").breached_at == NOON + 60 * MINUTE
