"""Hints on their way to open pages."""

import asyncio
import json

import pytest
import redis
from django.db import transaction

from common import live
from common.live_hub import LONGEST_QUEUE, RESYNC, Hub, Listener, frame
from devtools.embedded import free_port


@pytest.fixture
def absent_valkey(monkeypatch, settings):
    """Valkey is away for those who publish, until the returned function is called."""
    real = settings.REDIS_URL
    monkeypatch.setattr(live, "PAUSE_AFTER_FAILURE", 0.3)
    monkeypatch.setattr(live, "_silent_until", 0.0)

    def go_to(url):
        settings.REDIS_URL = url
        live.client.cache_clear()

    go_to(f"redis://127.0.0.1:{free_port()}/{real.rsplit('/', 1)[1]}")
    yield lambda: go_to(real)
    go_to(real)


@pytest.mark.django_db(transaction=True)
def test_a_hint_leaves_after_commit_once_with_those_who_may_hear_it(heard):
    with transaction.atomic():
        live.announce(["team:1", "user:2", "team:1"], {"event": "ticket", "number": "LD-1"})
        assert heard(0.3) is None
    assert heard() == {"to": ["team:1", "user:2"], "message": {"event": "ticket", "number": "LD-1"}}
    assert heard(0.3) is None


@pytest.mark.django_db(transaction=True)
def test_what_was_swallowed_in_a_failures_silence_is_caught_up_with(heard, absent_valkey):
    live.announce(["user:1"], {"event": "notice"})
    absent_valkey()
    live.announce(["user:1"], {"event": "notice"})
    assert heard(3) == {"to": None, "message": {"event": "resync"}}
    live.announce(["user:1"], {"event": "notice"})
    assert heard() == {"to": ["user:1"], "message": {"event": "notice"}}


def test_the_channel_of_a_desk_carries_its_database_number(settings):
    """Valkey's channels know none, and two desks may share one server."""
    number = redis.Redis.from_url(settings.REDIS_URL).connection_pool.connection_kwargs["db"]
    assert live.live_channel().endswith(f"live:{number}")


def listen_to(*hints, names=("user:1",)):
    """What one page under `names` is given of some hints."""

    async def run():
        hub, listener = Hub("redis://127.0.0.1:1/0", "live"), Listener(1, frozenset(names))
        hub.add(listener)
        for hint in hints:
            hub.dispatch(hint if isinstance(hint, str) else json.dumps(hint))
        return await listener.take(0.05)

    return asyncio.run(run())


def hint(number, to=("user:1",)):
    return {"to": list(to), "message": {"event": "ticket", "number": number}}


def test_a_hint_reaches_whom_it_names_and_nobody_else():
    assert listen_to(hint("LD-1"), hint("LD-2", ["user:2"])) == frame("ticket", {"number": "LD-1"})


def test_the_same_hint_waiting_twice_is_written_once():
    assert listen_to(hint("LD-1"), hint("LD-2"), hint("LD-1")) == "".join(
        frame("ticket", {"number": number}) for number in ("LD-2", "LD-1")
    )


def test_one_who_reads_too_slowly_is_told_to_start_afresh():
    many = [hint(f"LD-{number}") for number in range(LONGEST_QUEUE + 1)]
    assert listen_to(*many) == RESYNC


def test_a_hint_that_cannot_be_read_is_passed_over():
    assert listen_to("nonsense", {"to": ["user:1"]}, hint("LD-1")) == frame("ticket", {"number": "LD-1"})


def test_a_hint_to_everybody_reaches_everybody():
    assert listen_to({"to": None, "message": {"event": "resync"}}) == RESYNC
