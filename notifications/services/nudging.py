"""Waking a worker after commit. A nudge that gets lost costs seconds: the sweep looks by itself."""

import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
TASK = "notifications.tasks.deliver_pending"
PAUSE_AFTER_FAILURE = 5.0
EXPIRES = 30
_silent_until = 0.0


def nudge_after_commit() -> None:
    """Wake a worker once the surrounding transaction is committed; once, however often it is asked."""
    waiting = transaction.get_connection().run_on_commit
    if not any(callback is nudge for _savepoints, callback, _robust in waiting):
        transaction.on_commit(nudge)


def nudge() -> None:
    """Wake a worker now. Never raises; an outage costs a process one short try in five seconds."""
    global _silent_until  # noqa: PLW0603 (one circuit a process)
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(TASK, expires=EXPIRES)
    except (OperationalError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        log.warning("nudge_failed", error=type(error).__name__)
