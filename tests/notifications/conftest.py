"""A real mail server and a real web server that note down what they are given."""

import asyncio
import email
import email.policy
import logging
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
from aiosmtpd.controller import Controller

from devtools.embedded import free_port
from tests.api.conftest import api
from tests.factories import make_desk

__all__ = ["api"]


@dataclass
class Mailbox:
    """Takes mail, or answers what `refusals` says for an address or for the data of every message.

    One that hangs up takes a message and breaks off before it says so. One that stalls keeps the sender waiting
    before it takes a message, or after it.
    """

    port: int = 0
    refusals: dict[str, str] = field(default_factory=dict)
    hangs_up: bool = False
    stalls_before: bool = False
    stalls_after: bool = False
    stalled: bool = False
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):
        while self.stalls_before:
            self.stalled = True
            await asyncio.sleep(0.02)
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if "DATA" in self.refusals:
            return self.refusals["DATA"]
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        while self.stalls_after:
            self.stalled = True
            await asyncio.sleep(0.02)
        if self.hangs_up:
            server.transport.abort()
        return "250 OK"

    def to(self, address):
        """The messages for an address."""
        return [message for message in self.messages if message["To"] == address]


@pytest.fixture
def mailbox(settings):
    """A mail server on a free port that the desk sends through."""
    box = Mailbox(port=free_port())
    # The server's own chatter would hide what the desk logs.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    yield box
    controller.stop()


@pytest.fixture
def desk(db):
    return make_desk()


def text_of(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(message):
    return message.get_body(("html",)).get_content().replace("\r\n", "\n")


class Heard(NamedTuple):
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """A web server on loopback. It answers what `answers` says, the last of them for ever.

    An answer is a status with a body, or a function that gets the handler and does as it likes.
    """

    port: int = 0
    answers: list[Any] = field(default_factory=lambda: [(200, b"ok")])
    requests: list[Heard] = field(default_factory=list)

    def url(self, path="/hook"):
        return f"http://127.0.0.1:{self.port}{path}"

    def next(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def listener(settings):
    """A server that may be told things, although it stands inside the house."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    heard = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.requests.append(Heard(self.path, dict(self.headers), body))
            answer = heard.next()
            if callable(answer):
                answer(self)
                return
            status, text, *headers = answer
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    heard.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield heard
    server.shutdown()
    server.server_close()
