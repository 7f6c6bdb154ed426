"""Taking in files, and tying them to what they belong to."""

import mimetypes
import re
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.errors import InvalidInput, TooMany
from tickets.models import Attachment, Message, Ticket

UPLOADS_PER_HOUR = 100
NAME_LENGTH = 120


def store_upload(*, uploader: User, upload: UploadedFile, at: datetime) -> Attachment:
    """Keep an uploaded file for `uploader` until a ticket or message claims it.

    The name loses path parts and control characters; the type is told from the name, not believed from the
    browser. Raises InvalidInput for an empty or too large file, TooMany past the hourly allowance.
    """
    limit = settings.ATTACHMENT_MAX_BYTES
    size = upload.size or 0
    if size == 0:
        raise InvalidInput({"attachments": [_("The file is empty.")]})
    if size > limit:
        raise InvalidInput({"attachments": [too_large()]})
    # Those that were sent meanwhile count too: they are on the disk.
    recent = Attachment.objects.filter(uploaded_by=uploader, created_at__gt=at - timedelta(hours=1)).count()
    if recent >= UPLOADS_PER_HOUR:
        raise TooMany(_("That is a lot of files in one hour. Please wait a little."), retry_after=600)
    name = safe_name(upload.name or "")
    key = uuid.uuid4()
    attachment = Attachment(
        key=key,
        uploaded_by=uploader,
        name=name,
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=size,
        created_at=at,
    )
    attachment.file.save(key.hex, upload, save=False)
    attachment.save()
    return attachment


def too_large() -> str:
    """The sentence for a file past the limit."""
    return _("The file is larger than %(limit)d MB.") % {
        "limit": settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
    }


def too_many() -> str:
    """The sentence for more files than a message may carry."""
    limit = settings.ATTACHMENTS_PER_MESSAGE
    return ngettext("At most %(count)d file.", "At most %(count)d files at once.", limit) % {"count": limit}


def safe_name(name: str) -> str:
    """The last part of `name`, without control characters, at most 120 long, its ending kept."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    plain = re.sub(r"\s+", " ", plain).strip(" .") or "file"
    if len(plain) <= NAME_LENGTH:
        return plain
    ending = PurePosixPath(plain).suffix[:12]
    return plain[: NAME_LENGTH - len(ending)] + ending


def unclaimed(*, uploader: User, keys: Sequence[str]) -> list[Attachment]:
    """The uploader's own files of those keys that nothing has claimed yet; other keys are passed over."""
    valid = []
    for key in keys:
        try:
            valid.append(uuid.UUID(str(key)))
        except ValueError:
            continue
    return list(Attachment.objects.filter(uploaded_by=uploader, ticket=None, held=None, key__in=valid))


def check_number(attachments: Sequence[Attachment]) -> None:
    """Raise InvalidInput for more files than a message may carry."""
    if len(attachments) > settings.ATTACHMENTS_PER_MESSAGE:
        raise InvalidInput({"attachments": [too_many()]})


@transaction.atomic
def claim(
    *, attachments: Sequence[Attachment], ticket: Ticket, uploader: User, message: Message | None = None
) -> None:
    """Tie files to the ticket (and message) they were uploaded for. Raises InvalidInput past the number allowed."""
    check_number(attachments)
    ids = [attachment.pk for attachment in attachments]
    if ids:
        Attachment.objects.filter(pk__in=ids, ticket=None, uploaded_by=uploader).update(
            ticket=ticket, message=message
        )
