"""A long answer that is sent while it is still being written.

The thread that computes it writes, the event loop reads behind it. What is not read yet waits in a temporary file, so
that a slow reader holds no thread.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile

IN_MEMORY = 1024 * 1024
CHUNK = 64 * 1024


class Growing:
    """Bytes from one thread to the event loop `loop`, in order; `end` says that there are no more."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed by `close`)
        self._lock = threading.Lock()
        self._news = asyncio.Event()
        self._written = self._told = self._read = 0
        self._has_ended = False

    def write(self, part: bytes) -> None:
        """Add `part`. For the writing thread."""
        with self._lock:
            self._file.seek(self._written)
            self._written += self._file.write(part)
        if self._written - self._told >= CHUNK:
            self._tell()

    def end(self) -> None:
        """Nothing more comes. For the writing thread."""
        self._has_ended = True
        self._tell()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Everything that was written, as it comes, until the end."""
        while True:
            self._news.clear()
            # Asked before reading: what was written until then is read below.
            is_all = self._has_ended
            while chunk := self._next():
                yield chunk
            if is_all:
                return
            await self._news.wait()

    def close(self) -> None:
        """Give the file back, once nobody writes any more."""
        self._file.close()

    def _next(self) -> bytes:
        with self._lock:
            self._file.seek(self._read)
            chunk = self._file.read(CHUNK)
        self._read += len(chunk)
        return chunk

    def _tell(self) -> None:
        self._told = self._written
        self._loop.call_soon_threadsafe(self._news.set)
