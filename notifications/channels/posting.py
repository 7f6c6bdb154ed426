"""Posting to a system outside: to the very address that was looked at, within a bounded time, following nothing."""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.utils.encoding import iri_to_uri

from notifications.addresses import NotAllowed, port_of, resolve
from notifications.channels import Answer, Away, Refused

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
# More of an answer is not read.
BODY_BYTES = 64 * 1024


@dataclass(frozen=True)
class Reply:
    """What the other side said: its HTTP status with the duration, and the beginning of its body."""

    answer: Answer
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], *, patience: float = READ_SECONDS) -> Reply:
    """Post `body`; whatever status came back. `patience` is how many seconds the whole answer may take.

    The name is resolved once and the connection goes to an address of that answer which has been looked at, so a
    name that changes its mind between the look and the connection changes nothing. Raises Refused for an address
    inside the house, Away when no answer came.
    """
    began = time.monotonic()
    try:
        parts = urlsplit(url)
        with _connected(parts) as sock:
            status, text = _ask(sock, parts, body, headers, patience)
    except NotAllowed as error:
        raise Refused("address not allowed", answer=_answer(None, began)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Away(_code(error), answer=_answer(None, began), maybe_taken=True) from error
    return Reply(_answer(status, began), text)


def _answer(status: int | None, began: float) -> Answer:
    return Answer(status, round((time.monotonic() - began) * 1000))


def _code(error: Exception) -> str:
    """What went wrong, without a word of the other side: it may hold the address."""
    return "TimeoutError" if isinstance(error, TimeoutError) else type(error).__name__


@contextmanager
def _connected(parts: SplitResult) -> Iterator[socket.socket]:
    """A connection to the host of an address, encrypted for https."""
    host = parts.hostname or ""
    sock: Any = _dial(resolve(host, port_of(parts)), port_of(parts))
    try:
        if parts.scheme == "https":
            sock = _trust().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
            with _within(CONNECT_SECONDS, sock):
                sock.do_handshake()
        yield sock
    finally:
        sock.close()


def _dial(addresses: list[str], port: int) -> socket.socket:
    """Connect to the first address that answers. All of them together get CONNECT_SECONDS."""
    until, failure = time.monotonic() + CONNECT_SECONDS, OSError("no address")
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left)
        except OSError as error:
            failure = error
    raise failure


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _ask(
    sock: socket.socket, parts: SplitResult, body: bytes, headers: Mapping[str, str], patience: float
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(parts.hostname or "")
    connection.sock = sock
    path = iri_to_uri(parts.path or "/") + (f"?{iri_to_uri(parts.query)}" if parts.query else "")
    with _within(patience, sock):
        connection.request("POST", path, body, {"Host": _host(parts), "User-Agent": "LedgerDesk", **headers})
        response = connection.getresponse()
        return response.status, response.read(BODY_BYTES)


def _host(parts: SplitResult) -> str:
    """The Host header, as the address names it."""
    return parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc


@contextmanager
def _within(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Hang up after so many seconds, even on one that sends a byte now and then. Raises TimeoutError."""
    late: list[bool] = []

    def hang_up() -> None:
        late.append(True)
        # The socket below TLS, whose own state belongs to the other thread.
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    sock.settimeout(seconds)
    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
        # A header cut short reads like a header's end.
        if late:
            raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late:
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
