"""Telling open pages, after commit, that something changed. A lost broker costs the hint, never the change."""

import json
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)
PREFIX = "live:"
PAUSE_AFTER_FAILURE = 5.0
_silent_until = 0.0


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=0.3)


def announce(channels: Iterable[str], message: dict[str, Any]) -> None:
    """Publish `message` on each channel once the surrounding transaction is committed. Never raises."""
    names, text = sorted(set(channels)), json.dumps(message)
    transaction.on_commit(lambda: _publish(names, text))


def _publish(names: list[str], text: str) -> None:
    global _silent_until  # noqa: PLW0603 (one circuit a process: an outage costs one timeout, not one a request)
    if time.monotonic() < _silent_until:
        return
    try:
        pipeline = _client().pipeline(transaction=False)
        for name in names:
            pipeline.publish(PREFIX + name, text)
        pipeline.execute()
    except redis.RedisError as error:
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        log.warning("live_publish_failed", error=type(error).__name__)
