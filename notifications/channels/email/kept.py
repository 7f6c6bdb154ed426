"""Mail on a machine that sends none: each message becomes a file, to be read at /dev/mail/."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class KeptMailBackend(BaseEmailBackend):
    """Keeps each message in settings.MAIL_DIR; one that comes a second time replaces itself."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; how many."""
        for message in email_messages:
            mime = message.message()
            _write(name_for(str(mime["Message-ID"])), mime.as_bytes())
        return len(email_messages)


def name_for(message_id: str) -> str:
    """The file a message is kept in."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:32]


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
