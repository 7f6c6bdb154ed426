"""Runs a WSGI application inside an ASGI server.

A worker thread is held only while the application computes. The request body is taken in before, the response is
sent by the event loop, a long one from its first megabyte on: a slow or vanished client costs a buffer, never a
thread, and an upload that broke off never reaches a view. What is beyond memory size waits in a temporary file.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from common.growing import IN_MEMORY, Growing

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# A body has this long to arrive, plus its length at this many bytes a second.
PATIENCE = 30.0
SLOWEST = 20_000


class Refused(Exception):
    """A request that is answered without the application."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class ClientGone(Exception):
    """The client went away before its request was complete."""


@dataclass
class Answer:
    """What the application answered; `body` unless it grows."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""


Begun = asyncio.Future[tuple[Answer, Growing]]


class WsgiBridge:
    """An ASGI application around a WSGI one.

    `threads` bounds how many requests are worked on at once (and with it the database connections), `max_body`
    is in bytes, `proxies` how many trusted proxies stand before the server and name the client.
    """

    def __init__(self, application: Any, *, threads: int, max_body: int, proxies: int = 0) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._max_body = max_body
        self._proxies = proxies

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        try:
            body = await self._take_in(scope, receive)
        except Refused as refusal:
            headers = [(b"content-type", b"text/plain")]
            await _send_whole(Answer(refusal.status, headers, refusal.status.phrase.encode()), send)
            return
        except ClientGone:
            return
        with closing(body):
            await self._answer(scope, body, send)

    def stop(self) -> None:
        """Wait for the threads that are at work."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def _take_in(self, scope: Message, receive: Receive) -> IO[bytes]:
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        length = int(declared) if declared.isdigit() else 0
        if length > self._max_body:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed by the caller, or below)
        try:
            async with asyncio.timeout(PATIENCE + length / SLOWEST):
                await self._fill(body, receive)
        except TimeoutError:
            body.close()
            raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
        except BaseException:
            body.close()
            raise
        if body.tell() < length:
            body.close()
            raise ClientGone
        return body

    async def _fill(self, body: IO[bytes], receive: Receive) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            body.write(message.get("body", b""))
            if body.tell() > self._max_body:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            more = message.get("more_body", False)

    async def _answer(self, scope: Message, body: IO[bytes], send: Send) -> None:
        """Have the application work on the request, and send what it answers."""
        loop = asyncio.get_running_loop()
        begun: Begun = loop.create_future()
        work = loop.run_in_executor(self._threads, self._work, scope, body, begun)
        either: set[asyncio.Future[Any]] = {work, begun}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if begun.done():
                await _send_growing(*begun.result(), work, send)
            else:
                await _send_whole(work.result(), send)
        finally:
            # Nothing is taken from under the thread, whoever has gone away.
            if not work.done():
                await asyncio.wait({work})
            if begun.done():
                begun.result()[1].close()

    def _work(self, scope: Message, body: IO[bytes], begun: Begun) -> Answer:
        """Compute the answer. A long one is handed to `begun` as soon as it is known to be one."""
        answer = Answer()

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            answer.status = int(status[:3])
            answer.headers = [
                (name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers
            ]

        length = body.tell()
        body.seek(0)
        parts = self._application(environ_of(scope, body, length, self._proxies), start_response)
        try:
            rest = iter(parts)
            first, is_all = _first_of(rest)
            if is_all:
                answer.body = first
            else:
                _grow(answer, first, rest, begun)
            return answer
        finally:
            if hasattr(parts, "close"):
                parts.close()


def _first_of(parts: Iterator[bytes]) -> tuple[bytes, bool]:
    """The first megabyte, or a little more, and whether that is everything."""
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size > IN_MEMORY:
            return b"".join(gathered), False
    return gathered[0] if len(gathered) == 1 else b"".join(gathered), True


def _grow(answer: Answer, first: bytes, rest: Iterator[bytes], begun: Begun) -> None:
    loop = begun.get_loop()
    growing = Growing(loop)
    growing.write(first)
    loop.call_soon_threadsafe(begun.set_result, (answer, growing))
    try:
        for part in rest:
            growing.write(part)
    finally:
        growing.end()


async def _send_whole(answer: Answer, send: Send) -> None:
    await send({"type": "http.response.start", "status": int(answer.status), "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _send_growing(answer: Answer, growing: Growing, work: asyncio.Future[Answer], send: Send) -> None:
    """Send while the application goes on. What breaks it is raised before the end is told: half is not the whole."""
    await send({"type": "http.response.start", "status": int(answer.status), "headers": answer.headers})
    async for chunk in growing.chunks():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await work
    await send({"type": "http.response.body", "body": b""})


def environ_of(scope: Message, body: IO[bytes], length: int, proxies: int = 0) -> dict[str, Any]:
    """The WSGI environment of an ASGI request whose complete body of `length` bytes is in `body`."""
    server = scope.get("server") or ("localhost", 80)
    raw_path = scope.get("raw_path") or scope["path"].encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ.update(_headers(scope["headers"]))
    environ["CONTENT_LENGTH"] = str(length)
    forwarded = environ.pop("HTTP_X_FORWARDED_FOR", "")
    if proxies and forwarded:
        # Each proxy appends whom it spoke to; what stands further left was written by anybody.
        addresses = [address.strip() for address in forwarded.split(",")]
        environ["REMOTE_ADDR"] = addresses[-min(proxies, len(addresses))]
    return environ


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        if b"_" in raw_name:
            # Would be mistaken for its namesake with a hyphen, which a proxy may have vouched for.
            continue
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
        if key in found:
            found[key] += ("; " if name == "COOKIE" else ",") + value
        else:
            found[key] = value
    return found
