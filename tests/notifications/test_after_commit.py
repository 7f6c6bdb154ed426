"""What is heard outside once a change is committed, and only then."""

import json

import pytest
import redis
from django.conf import settings
from django.db import transaction

from common.live import live_channel
from notifications.services.reading import mark_read
from sla.base import load_targets
from tests.factories import NOON, make_desk, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = f"{settings.REDIS_KEY_PREFIX}celery"


@pytest.fixture
def broker():
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(QUEUE)
        yield client
        client.delete(QUEUE)


@pytest.fixture
def desk():
    load_targets()
    return make_desk()


def heard(listener):
    """Under which names a notice was announced."""
    found = []
    while (message := listener.get_message(timeout=0.5)) is not None:
        if message["type"] == "message":
            said = json.loads(message["data"])
            found += said["to"] if said["message"] == {"event": "notice"} else []
    return sorted(found)


@pytest.fixture
def listener(broker):
    with broker.pubsub() as subscribed:
        subscribed.subscribe(live_channel())
        subscribed.get_message(timeout=1)
        yield subscribed


def test_those_who_are_told_hear_it_and_nobody_else(desk, listener):
    make_ticket(desk.customer)
    assert heard(listener) == sorted([f"user:{desk.engineer.pk}", f"user:{desk.manager.pk}"])


def test_the_bells_on_the_readers_other_pages_follow(desk, listener):
    make_ticket(desk.customer)
    heard(listener)
    mark_read(user=desk.engineer, at=NOON)
    mark_read(user=desk.engineer, at=NOON)
    assert heard(listener) == [f"user:{desk.engineer.pk}"]


def test_a_change_wakes_one_worker_however_many_letters_it_makes(broker, desk):
    with transaction.atomic():
        make_ticket(desk.customer)
        make_ticket(desk.stranger)
        assert broker.llen(QUEUE) == 0
    assert broker.llen(QUEUE) == 1


def test_what_is_rolled_back_wakes_nobody(broker, desk):
    def change_and_fail():
        make_ticket(desk.customer)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transaction.atomic(change_and_fail)()
    assert broker.llen(QUEUE) == 0
