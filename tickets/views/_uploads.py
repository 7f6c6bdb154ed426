"""The files of a form: those uploaded before it was sent, and those that come with it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DeskError, TooMany
from common.uploads import oversized
from tickets.models import Attachment
from tickets.services.attaching import safe_name, store_upload, too_large, too_many, unclaimed


@dataclass
class Files:
    """What a form carries: its files in order, what is wrong with others, and the HTTP status that means."""

    attachments: list[Attachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    status: int = 200

    def refuse(self, message: str, status: int, name: str = "") -> None:
        """Note why a file was not taken."""
        self.errors.append(f"{safe_name(name)}: {message}" if name else message)
        self.status = max(self.status, status)


def files_of(request: HttpRequest, *, at: datetime) -> Files:
    """The files of a posted form (`attachments`: keys, `files`: uploads), less the one in `remove`.

    Uploads are kept at once, so that a form sent back for another reason still has them as keys.
    """
    found = Files()
    _take_keys(request, found)
    take_uploads(request, found, at=at)
    if len(found.attachments) > settings.ATTACHMENTS_PER_MESSAGE:
        found.refuse(too_many(), 422)
    return found


def _take_keys(request: HttpRequest, found: Files) -> None:
    removed = request.POST.get("remove", "")
    given = [_canonical(key) for key in request.POST.getlist("attachments") if key != removed]
    keys = list(dict.fromkeys(key for key in given if key))
    known = {str(a.key): a for a in unclaimed(uploader=cast(User, request.user), keys=keys)}
    found.attachments = [known[key] for key in keys if key in known]
    if len(known) < len(keys):
        found.refuse(_("A file you had added is no longer here. Add it again, please."), 422)


def keys_in(request: HttpRequest) -> list[uuid.UUID]:
    """The keys of the files a form carries, whatever they are worth; each once, a few more than a message may have."""
    given = dict.fromkeys(_canonical(key) for key in request.POST.getlist("attachments"))
    return [uuid.UUID(key) for key in given if key][: 2 * settings.ATTACHMENTS_PER_MESSAGE]


def key_in(request: HttpRequest, name: str) -> uuid.UUID | None:
    """The key in a field of a form; None for what is none."""
    key = _canonical(request.POST.get(name, ""))
    return uuid.UUID(key) if key else None


def _canonical(key: str) -> str:
    """A key as we write it; empty for what is none."""
    try:
        return str(uuid.UUID(key))
    except ValueError:
        return ""


def take_uploads(request: HttpRequest, found: Files, *, at: datetime) -> None:
    """Keep the uploads that came with the request, and note which were refused."""
    for upload in request.FILES.getlist("files"):
        _take(request, upload, found, at)
    for name in oversized(request):
        found.refuse(too_large(), 413, name)


def _take(request: HttpRequest, upload: UploadedFile, found: Files, at: datetime) -> None:
    try:
        attachment = store_upload(uploader=cast(User, request.user), upload=upload, at=at)
    except TooMany as error:
        found.refuse(error.message, 429, upload.name or "")
    except DeskError as error:
        found.refuse(error.message, 422, upload.name or "")
    else:
        found.attachments.append(attachment)
