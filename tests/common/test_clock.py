"""What time it is, and who says so."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from common import clock
from sla.base import load_targets
from sla.models import Clock
from sla.services.enforcing import sweep
from tests.factories import make_desk, make_ticket
from tickets.services.replying import reply
from tickets.triage import Impact

pytestmark = pytest.mark.django_db
WRONG = timedelta(minutes=7)
NEAR = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def database_clock(settings, monkeypatch):
    settings.DATABASE_CLOCK = True
    monkeypatch.setattr(clock, "_anchor", None)


def database_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("wrong", [WRONG, -WRONG])
def test_a_machine_whose_clock_is_off_reads_the_databases(wrong):
    with time_machine.travel(timezone.now() + wrong, tick=True):
        assert abs(clock.now() - database_now()) < NEAR
        assert abs(timezone.now() - database_now()) > WRONG - NEAR


def test_it_goes_on_by_itself_and_never_back():
    first = clock.now()
    with connection.execute_wrapper(refuse):
        read = [clock.now() for _number in range(100)]
    assert read == sorted(read)
    assert first <= read[0] < first + NEAR


def refuse(execute, sql, params, many, context):
    raise AssertionError(sql)


def test_a_web_node_that_is_minutes_off_changes_no_outcome():
    load_targets()
    desk = make_desk()
    with time_machine.travel(timezone.now() + 70 * timedelta(minutes=1), tick=True):
        kept = make_ticket(desk.customer, at=clock.now(), impact=Impact(production_down="full"))
        assert sweep(at=clock.now()) == 0
    with time_machine.travel(timezone.now() - 70 * timedelta(minutes=1), tick=True):
        reply(ticket_id=kept.pk, author=desk.engineer, body="您好", at=clock.now())
    promised = Clock.objects.get(ticket=kept, metric="first_response")
    assert (promised.state, promised.breached) == ("stopped", False)
    assert timedelta(0) <= promised.stopped_at - promised.started_at < NEAR
