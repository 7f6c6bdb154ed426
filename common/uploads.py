"""Bounding uploads while they are read: a file past the limit never reaches the disk."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

OVERSIZED = "desk.oversized_files"


class BoundedUploadHandler(FileUploadHandler):
    """Skips a file as soon as it grows past ATTACHMENT_MAX_BYTES; the rest of the request is read on."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the chunk on; raises SkipFile past the limit."""
        if start + len(raw_data) > settings.ATTACHMENT_MAX_BYTES:
            if self.request is not None:
                self.request.META.setdefault(OVERSIZED, []).append(self.file_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""
        return


def oversized(request: HttpRequest) -> list[str]:
    """The names of the files of this request that were skipped. Read POST or FILES first."""
    return list(request.META.get(OVERSIZED, []))
