"""Who is where just now. Kept in Valkey with a time to live and nowhere else: a lost Valkey hides people, no more.

A room is any name; somebody is in it with each page they have open there, and does something there (any word).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
import redis.client
import structlog

from common.live import PAUSE_AFTER_FAILURE, client, live_channel

log = structlog.get_logger(__name__)
# Seconds after which a page that says nothing any more is taken for closed.
LASTS = 40
_away_until = 0.0


class Away(Exception):
    """Valkey does not answer: nobody knows who is there."""


def enter(room: str, *, who: int, page: str, doing: str) -> bool:
    """Note what the person of the id `who` does on a page of theirs; whether that is new. Again before LASTS is over.

    Raises Away.
    """
    with _pipeline() as pipe:
        pipe.set(_page(room, who, page), doing, ex=LASTS, get=True)
        pipe.sadd(_room(room), f"{who}:{page}")
        pipe.expire(_room(room), 2 * LASTS)
        before, *_rest = pipe.execute()
    return _text(before) != doing


def leave(room: str, *, who: int, page: str) -> bool:
    """Note that a page was closed; whether it was there. Raises Away."""
    with _pipeline() as pipe:
        pipe.delete(_page(room, who, page))
        pipe.srem(_room(room), f"{who}:{page}")
        gone, *_rest = pipe.execute()
    return bool(gone)


def present(room: str) -> dict[int, set[str]]:
    """What everybody in the room does, by their ids. Raises Away."""
    with _pipeline() as pipe:
        pipe.smembers(_room(room))
        (members,) = pipe.execute()
    names = sorted(_text(member) for member in members)
    found: dict[int, set[str]] = {}
    if not names:
        return found
    with _pipeline() as pipe:
        pipe.mget([_page(room, *name.split(":", 1)) for name in names])
        (values,) = pipe.execute()
    for name, doing in zip(names, values, strict=True):
        if doing is not None:
            found.setdefault(int(name.split(":", 1)[0]), set()).add(_text(doing))
    return found


def _room(room: str) -> str:
    return f"{live_channel()}:in:{room}"


def _page(room: str, who: int | str, page: str) -> str:
    return f"{_room(room)}:{who}:{page}"


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


@contextmanager
def _pipeline() -> Iterator[redis.client.Pipeline]:
    """Failures are Away; after one, nobody is kept waiting for a while."""
    global _away_until  # noqa: PLW0603 (one circuit a process: an outage costs one timeout, not one a page)
    if time.monotonic() < _away_until:
        raise Away
    try:
        yield client().pipeline(transaction=False)
    except redis.RedisError as error:
        _away_until = time.monotonic() + PAUSE_AFTER_FAILURE
        log.warning("presence_unknown", error=type(error).__name__)
        raise Away from error
