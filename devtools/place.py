"""Where `make run` keeps its data, and whether this machine will do."""

import errno
import fcntl
import json
import os
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from devtools.embedded import place_aside
from devtools.joining import data_folder

ROOT = Path(__file__).resolve().parent.parent
ROOM_NEEDED = 400 * 1024 * 1024
SHARED_MEMORY = "/dev/shm"  # noqa: S108 (looked at, not written to)
LONGEST_LOG = 10 * 1024 * 1024
ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104 (compared with, not bound to)


class Unusable(Exception):
    """The desk cannot run here; the message says what to do."""


@dataclass(frozen=True)
class Address:
    """Where the desk listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def allowed_hosts(self) -> str:
        """What the desk may be called: anything where it listens everywhere."""
        return "*" if self.host in ANYWHERE else f"{self.host},[{self.host}],127.0.0.1,localhost,[::1]"


def address_from_environment() -> Address:
    """HOST and PORT. Raises Unusable."""
    host, text = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Unusable(
            f"PORT={text} is no port; choose a number from 1 to 65535, for example: make run PORT=8080"
        )
    return Address(host, int(text))


def check_free(address: Address) -> None:
    """Raises Unusable unless this process may listen there and nobody else does."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _name, where = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise Unusable(_why_not(address, error)) from None


def _why_not(address: Address, error: OSError) -> str:
    port = address.port
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop what listens there or choose another: make run PORT={port + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the administrator. Choose one above 1023: make run PORT=8000"
    return (
        f"HOST={address.host} is no address of this machine ({error.strerror}). Try: make run HOST=127.0.0.1"
    )


class Place:
    """The folder with the data of `make run`: the one given, else `DATA_DIR`, else `var/` beside the code."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = (path or data_folder()).resolve()
        self.logs = self.path / "log"
        self._lock: IO[str] | None = None

    def prepare(self) -> None:
        """Make the folder; check that it can be written and has room. Raises Unusable."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            # PostgreSQL runs as another user where root starts it, and has to walk through.
            self.path.chmod(0o711)
            probe = self.path / ".writable"
            probe.write_text("yes")
            probe.unlink()
        except OSError as error:
            raise Unusable(_unwritable(self.path, error)) from None
        free = shutil.disk_usage(self.path).free
        if free < ROOM_NEEDED:
            raise Unusable(
                f"The disk below {self.path} has {free // 2**20} MB left and the desk needs {ROOM_NEEDED // 2**20}. "
                "Free some room, then try again."
            )
        if sys.platform == "linux" and not os.access(SHARED_MEMORY, os.W_OK):
            raise Unusable(
                f"{SHARED_MEMORY} is missing or cannot be written, and PostgreSQL and Celery share memory there. "
                f"Mount it: mount -t tmpfs tmpfs {SHARED_MEMORY}"
            )

    def lock(self, address: str) -> None:
        """Keep this folder for this process until it ends. Raises Unusable when another has it."""
        file = (self.path / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise Unusable(_taken(self.path, file.read())) from None
        file.truncate(0)
        json.dump({"pid": os.getpid(), "address": address}, file)
        file.flush()
        self._lock = file

    def log(self, name: str) -> Path:
        """The log file of a process; an overlong one is set aside first."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LONGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def secret_key(self) -> str:
        """A key of this folder's own, made at the first start."""
        path = self.path / "secret-key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(os.urandom(48).hex())
        return path.read_text()

    def clear(self) -> None:
        """Forget everything. Raises Unusable while the desk runs."""
        if not self.path.exists():
            return
        self.lock("being cleared")
        try:
            aside = place_aside(self.path / "postgres")
            if aside.exists():
                shutil.rmtree(aside)
            for entry in self.path.iterdir():
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry)
                elif entry.name != "lock":
                    entry.unlink()
        except OSError as error:
            raise Unusable(_unwritable(self.path, error)) from None


def _unwritable(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk below {path} is full. Free some room, then try again."
    return (
        f"{error.filename or path} cannot be written ({error.strerror}). Give your user the folder {path}, "
        "or choose another: make run DATA_DIR=…"
    )


def _taken(path: Path, text: str) -> str:
    try:
        holder = json.loads(text)
        who = f" ({holder['address']}, process {holder['pid']})"
    except (ValueError, KeyError, TypeError):
        who = ""
    return f"LedgerDesk already runs on {path}{who}. Stop it first, or choose another folder: make run DATA_DIR=…"
