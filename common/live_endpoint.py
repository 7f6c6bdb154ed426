"""`/live/`: the stream of hints to one open page, as an ASGI application.

A person is looked up at the start and again every `settings.LIVE_RECHECK` seconds, so that one who signed out, was
deactivated or moved to another team stops hearing. Between two look-ups no database connection is used.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import get_user
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.utils.module_loading import import_string

from common.live import live_channel
from common.live_hub import STALE, Hub, Listener, frame

log = structlog.get_logger(__name__)
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
HEARTBEAT = 15.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


@dataclass(frozen=True)
class Person:
    """Who listens, and under which names."""

    user_id: int
    channels: frozenset[str]


class LiveEndpoint:
    """The endpoint with its hub; one a process."""

    def __init__(self) -> None:
        self.hub = Hub(settings.REDIS_URL, live_channel())
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="live")

    def end_streams(self) -> None:
        """End every stream and open no more: the process is about to stop."""
        self.hub.close()

    async def stop(self) -> None:
        """End everything."""
        await self.hub.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request: 200 and the stream; 204 to whom it is not for, so that a browser asks no more."""
        if scope["method"] != "GET":
            return await _refuse(send, 405)
        session_key = _session_key(scope)
        try:
            person = await self._look_up(session_key) if session_key else None
        except DatabaseError:
            return await _refuse(send, 503)
        if person is None:
            return await _refuse(send, 204)
        if self.hub.closed:
            return await _refuse(send, 503)
        if self.hub.count(person.user_id) >= settings.LIVE_STREAMS_PER_USER:
            return await _refuse(send, 429)
        await self.hub.start()
        listener = Listener(person.user_id, person.channels)
        self.hub.add(listener)
        gone = asyncio.create_task(_wait_until_gone(receive, listener))
        try:
            await self._stream(listener, session_key, send)
        finally:
            self.hub.remove(listener)
            gone.cancel()
        return None

    async def _stream(self, listener: Listener, session_key: str, send: Send) -> None:
        async def write(text: str, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": text.encode(), "more_body": more})

        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        # Browsers come back at different moments, not all at once, after a restart.
        await write(f"retry: {random.randint(1500, 4500)}\n\n{frame('hello')}")  # noqa: S311
        if not self.hub.connected:
            listener.put(STALE)
        clock = asyncio.get_running_loop().time
        recheck_at = clock() + settings.LIVE_RECHECK
        while not listener.closed:
            text = await listener.take(max(0.0, min(HEARTBEAT, recheck_at - clock())))
            if clock() >= recheck_at:
                if not await self._may_stay(listener, session_key):
                    await write(frame("bye"))
                    break
                recheck_at = clock() + settings.LIVE_RECHECK
            if not listener.closed:
                await write(text or ": still here\n\n")
        await write("", more=False)

    async def _may_stay(self, listener: Listener, session_key: str) -> bool:
        try:
            person = await self._look_up(session_key)
        except DatabaseError:
            # Nothing can be changed or heard meanwhile; the next look decides.
            return True
        if person is None or person.user_id != listener.user_id:
            return False
        if person.channels != listener.channels:
            self.hub.move(listener, person.channels)
        return True

    async def _look_up(self, session_key: str) -> Person | None:
        return await asyncio.get_running_loop().run_in_executor(self._threads, person_of_session, session_key)


def person_of_session(session_key: str) -> Person | None:
    """Who is signed in with that session; None if nobody who may be. Two or three queries."""
    close_old_connections()
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        user = get_user(request)
        if not user.is_authenticated:
            return None
        channels = import_string(settings.LIVE_CHANNELS_RESOLVER)(user)
        return Person(user.pk, frozenset(channels))
    finally:
        close_old_connections()


def _session_key(scope: Message) -> str:
    # HTTP/2 may send a cookie header in several pieces.
    header = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(header).get(settings.SESSION_COOKIE_NAME, "")


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _wait_until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()
