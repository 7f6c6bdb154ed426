"""A real SMTP server in this process that keeps what it is given."""

import email
import email.policy
import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from devtools.embedded import free_port

Test = Callable[[EmailMessage], bool]


class Mails(list[EmailMessage]):
    """The messages that arrived, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        """The value of EMAIL_URL that sends here."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        """Listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; a sender finds nobody."""
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep one message."""
        self.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """What arrived for an address."""
        return [mail for mail in self if address in str(mail["To"])]

    def wait(self, matches: Test, *, timeout: float = 30.0) -> EmailMessage:
        """The first message that matches, as soon as it arrives."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            found = next((mail for mail in self if matches(mail)), None)
            if found is not None:
                return found
            time.sleep(0.1)
        seen = [(str(mail["To"]), str(mail["Subject"])) for mail in self]
        raise AssertionError(f"no such mail within {timeout} s; there were {seen}")


def text_of(mail: EmailMessage) -> str:
    """The plain text of a message."""
    body = mail.get_body(("plain", "html"))
    return body.get_content() if body is not None else ""


def links_in(mail: EmailMessage) -> list[str]:
    """The addresses a message offers."""
    return re.findall(r"https?://[^\s\"'<>]+", text_of(mail))
