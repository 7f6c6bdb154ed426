"""Mail on a machine that sends none: each message becomes a file, to be read at /dev/mail/."""

import email
import email.policy
import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage as Mime
from pathlib import Path

import nh3
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.safestring import SafeString, mark_safe

NAME = re.compile(r"[0-9a-f]{32}")
SHOWN = 200
_TAGS = {
    "h1", "h2", "h3", "p", "br", "hr", "strong", "em", "b", "i", "s", "code", "pre", "blockquote", "ul", "ol",
    "li", "a", "span", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class KeptMailBackend(BaseEmailBackend):
    """Keeps each message in settings.MAIL_DIR; one that comes a second time replaces itself."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; how many."""
        for message in email_messages:
            mime = message.message()
            _write(name_for(str(mime["Message-ID"])), mime.as_bytes())
        return len(email_messages)


@dataclass(frozen=True)
class KeptMessage:
    """A kept message, as far as a page shows it."""

    name: str
    kept_at: datetime
    mime: Mime

    @property
    def subject(self) -> str:
        """The subject in plain characters."""
        return str(self.mime["Subject"] or "")

    @property
    def to(self) -> str:
        """Who it is for."""
        return str(self.mime["To"] or "")

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All headers, in their order."""
        return [(name, str(value)) for name, value in self.mime.items()]

    @property
    def text(self) -> str:
        """The plain part."""
        part = self.mime.get_body(("plain",))
        return str(part.get_content()) if part else ""

    @property
    def html(self) -> SafeString:
        """The HTML part without styles, scripts and pictures: the same words, tables and links."""
        part = self.mime.get_body(("html",))
        content = str(part.get_content()) if part else ""
        shown = nh3.clean(
            content,
            tags=_TAGS,
            clean_content_tags={"script", "style", "title"},
            attributes={"a": {"href"}},
            link_rel="noopener",
        )
        return mark_safe(shown)


def name_for(message_id: str) -> str:
    """The name a message is kept under."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:32]


def newest() -> list[KeptMessage]:
    """The messages kept last, the newest first; at most two hundred."""
    stamped = []
    for path in Path(settings.MAIL_DIR).glob("*.eml"):
        try:
            stamped.append((path.stat().st_mtime, path))
        except FileNotFoundError:
            continue
    latest = sorted(stamped, reverse=True)[:SHOWN]
    return [message for _moment, path in latest if (message := find(path.stem))]


def find(name: str) -> KeptMessage | None:
    """The message kept under that name; None when there is none."""
    if not NAME.fullmatch(name):
        return None
    path = Path(settings.MAIL_DIR) / f"{name}.eml"
    try:
        content, moment = path.read_bytes(), path.stat().st_mtime
    except FileNotFoundError:
        return None
    mime = email.message_from_bytes(content, policy=email.policy.default)
    return KeptMessage(name, datetime.fromtimestamp(moment, UTC), mime)


def _write(name: str, content: bytes) -> None:
    """All of it or nothing: a reader never sees half a message."""
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(folder / f"{name}.eml")
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
