"""Telling open pages, after commit, that something changed. A lost broker costs the hint, never the change.

All hints of a desk travel on one Valkey channel, each with the names of those who may hear it; the web processes
(`common.live_hub`) hand it to the pages that listen under such a name.
"""

import json
import threading
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)
PAUSE_AFTER_FAILURE = 5.0
# A hint to everybody, instead of one with names.
CATCH_UP = json.dumps({"to": None, "message": {"event": "resync"}})
_silent_until = 0.0


def live_channel() -> str:
    """The Valkey channel of this desk; Valkey's own channels know no database numbers, so the name carries it."""
    number = client().connection_pool.connection_kwargs.get("db") or 0
    return f"{settings.REDIS_KEY_PREFIX}live:{number}"


def announce(channels: Iterable[str], message: dict[str, Any]) -> None:
    """Publish `message` to those who listen under any of `channels`, once the transaction is committed.

    Never raises.
    """
    text = json.dumps({"to": sorted(set(channels)), "message": message})
    transaction.on_commit(lambda: _publish(text))


def ask_all_to_catch_up() -> None:
    """Ask every page, once the transaction is committed, to look for what has changed. Never raises."""
    transaction.on_commit(lambda: _publish(CATCH_UP))


def _publish(text: str) -> None:
    global _silent_until  # noqa: PLW0603 (one circuit a process: an outage costs one timeout, not one a request)
    if time.monotonic() < _silent_until:
        return
    try:
        client().publish(live_channel(), text)
    except redis.RedisError as error:
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        log.warning("live_publish_failed", error=type(error).__name__)
        later = threading.Timer(PAUSE_AFTER_FAILURE, _ask_all_to_catch_up)
        later.daemon = True
        later.start()


def _ask_all_to_catch_up() -> None:
    """After a silence: the pages whose stream was well all the time have missed what was swallowed meanwhile."""
    try:
        client().publish(live_channel(), CATCH_UP)
    except redis.RedisError:
        # Valkey is still away; the web processes tell their pages when it is back.
        return


@cache
def client() -> redis.Redis:
    """The connections to Valkey of this process; one that does not answer fails soon."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=0.3,
        socket_timeout=0.3,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=30,
    )
