"""Waking a worker after commit. A nudge that gets lost costs seconds: the sweep looks by itself."""

import time
from collections.abc import Callable
from functools import cache, partial

import structlog
from celery import current_app
from django.db import transaction
from kombu import Connection
from kombu.exceptions import KombuError
from kombu.pools import producers
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
EXPIRES = 30
# Somebody waits for the page: a broker that hangs is left after this many seconds.
PATIENCE = 0.3
PAUSE_AFTER_FAILURE = 5.0
_silent_until = 0.0


def nudge_after_commit(task: str) -> None:
    """Let a worker do `task` once the surrounding transaction is committed; once, however often it is asked."""
    waiting, nudger = transaction.get_connection().run_on_commit, _nudger(task)
    if not any(callback is nudger for _savepoints, callback, _robust in waiting):
        transaction.on_commit(nudger)


@cache
def _nudger(task: str) -> Callable[[], None]:
    return partial(nudge, task)


def nudge(task: str) -> None:
    """Let a worker do `task` now. Never raises; an outage costs a process one short try in five seconds."""
    global _silent_until  # noqa: PLW0603 (one circuit a process)
    if time.monotonic() < _silent_until:
        return
    try:
        with producers[_impatient()].acquire(block=True, timeout=PATIENCE) as producer:
            current_app.send_task(task, expires=EXPIRES, producer=producer)
    except (KombuError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        log.warning("nudge_failed", error=type(error).__name__)


@cache
def _impatient() -> Connection:
    """How to reach the broker without waiting for it; the pool opens the connections."""
    short = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "max_retries": 0}
    return current_app.connection_for_write(transport_options=short)
