"""Carries hints from Valkey to the pages that are open in this process."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import Any

import redis.asyncio as redis
import structlog
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from common.live import PAUSE_AFTER_FAILURE

log = structlog.get_logger(__name__)
LONGEST_QUEUE = 100
QUIET = 15.0
PAUSES = (0.5, 1.0, 2.0, 3.0)


def frame(event: str, data: dict[str, Any] | None = None) -> str:
    """One server-sent event."""
    return f"event: {event}\ndata: {json.dumps(data or {})}\n\n"


STALE, RESYNC = frame("stale"), frame("resync")


class Listener:
    """One open page: under which names it hears, and what still has to be written to it."""

    def __init__(self, user_id: int, channels: frozenset[str]) -> None:
        self.user_id = user_id
        self.channels = channels
        self.closed = False
        self._pending: dict[str, None] = {}
        self._woken = asyncio.Event()

    def put(self, text: str) -> None:
        """Queue one event. The same twice is written once; one who reads too slowly is told to start afresh."""
        self._pending.pop(text, None)
        if len(self._pending) >= LONGEST_QUEUE:
            self._pending.clear()
            text = RESYNC
        self._pending[text] = None
        self._woken.set()

    def close(self) -> None:
        """End the stream."""
        self.closed = True
        self._woken.set()

    async def take(self, timeout: float) -> str:
        """What is queued, as soon as there is something; empty when `timeout` seconds pass or the stream ends."""
        if not self._pending and not self.closed:
            try:
                await asyncio.wait_for(self._woken.wait(), timeout)
            except TimeoutError:
                return ""
        self._woken.clear()
        text = "".join(self._pending)
        self._pending.clear()
        return text


class Hub:
    """The open pages of this process, and the one connection to Valkey that feeds them all."""

    def __init__(self, url: str, channel: str) -> None:
        self._url, self._channel = url, channel
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._everybody: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self.closed = False
        self._late_resync: asyncio.TimerHandle | None = None

    @property
    def connected(self) -> bool:
        """Whether hints arrive just now."""
        return self._connected.is_set()

    def count(self, user_id: int) -> int:
        """How many pages a person has open here."""
        return sum(listener.user_id == user_id for listener in self._everybody)

    def __len__(self) -> int:
        return len(self._everybody)

    async def start(self) -> None:
        """Connect at the first use; wait a moment for it."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen())
        try:
            await asyncio.wait_for(self._connected.wait(), 1.0)
        except TimeoutError:
            return

    def close(self) -> None:
        """End every stream and let none begin."""
        self.closed = True
        for listener in self._everybody:
            listener.close()

    async def stop(self) -> None:
        """End every stream and the connection."""
        self.close()
        if self._late_resync is not None:
            self._late_resync.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def add(self, listener: Listener) -> None:
        """Let a page hear."""
        self._everybody.add(listener)
        for name in listener.channels:
            self._listeners[name].add(listener)

    def remove(self, listener: Listener) -> None:
        """Forget a page."""
        self._everybody.discard(listener)
        for name in listener.channels:
            self._listeners[name].discard(listener)
            if not self._listeners[name]:
                del self._listeners[name]

    def move(self, listener: Listener, channels: frozenset[str]) -> None:
        """Change the names a page hears under."""
        self.remove(listener)
        listener.channels = channels
        self.add(listener)

    def dispatch(self, text: str | bytes) -> None:
        """Hand one hint to the pages that may hear it."""
        try:
            hint = json.loads(text)
            names, message = hint["to"], dict(hint["message"])
            event = frame(message.pop("event"), message)
        except (ValueError, TypeError, KeyError):
            log.warning("live_hint_unreadable")
            return
        if names is None:
            self._tell_everybody(event)
            return
        for listener in {one for name in names for one in self._listeners.get(name, ())}:
            listener.put(event)

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                await self._session()
            except (RedisError, OSError, TimeoutError) as error:
                failures = 0 if self.connected else failures + 1
                self._lost(type(error).__name__)
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])

    async def _session(self) -> None:
        client = redis.Redis.from_url(
            self._url, socket_connect_timeout=2, socket_timeout=5, retry=Retry(NoBackoff(), 0)
        )
        async with client, client.pubsub() as pubsub:
            await pubsub.subscribe(self._channel)
            asked = True
            while True:
                message = await pubsub.get_message(timeout=QUIET)
                if message is None:
                    if asked:
                        raise TimeoutError("Valkey does not answer")
                    await pubsub.ping()
                    asked = True
                    continue
                asked = False
                if message["type"] == "subscribe":
                    self._found()
                elif message["type"] == "message":
                    self.dispatch(message["data"])

    def _lost(self, reason: str) -> None:
        if self.connected:
            self._connected.clear()
            log.warning("live_lost", error=reason)
            self._tell_everybody(STALE)

    def _found(self) -> None:
        self._connected.set()
        self._tell_everybody(RESYNC)
        # A process that failed to publish keeps quiet for a while; what it swallowed is caught up with then.
        later = asyncio.get_running_loop().call_later
        self._late_resync = later(PAUSE_AFTER_FAILURE + 1, self._tell_everybody, RESYNC)

    def _tell_everybody(self, text: str) -> None:
        for listener in self._everybody:
            listener.put(text)
