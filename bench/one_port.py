"""How many pages a second each way to serve them gives: `python -m bench.one_port`.

A page for the signed in with one query of its own, asked by 8 clients at once over loopback, from two server
processes on an embedded PostgreSQL. The shapes take turns, so that what else the machine does hits all alike; each
client opens a new connection now and then, so that no shape wins by how connections happened to spread. Beside the
rate stands the processor time the server spent on a page, which hardly hangs on what else the machine does (Linux).
Seconds a turn by BENCH_SECONDS (6), turns by BENCH_TURNS (5).
"""

import asyncio
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from devtools import embedded
from devtools.place import ROOT

SHAPES = {
    "django_asgi": "Django's ASGI handler",
    "wsgi": "Django's WSGI handler, granian's WSGI interface",
    "a2wsgi": "live stream beside WSGI by a2wsgi",
    "desk": "live stream beside WSGI by the desk's bridge",
    "desk_with_streams": "the same with 200 open live streams",
}
CLIENTS, STREAMS, WORKERS, THREADS = 8, 200, 2, 8
REQUESTS_A_CONNECTION = 50
SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
TURNS = int(os.environ.get("BENCH_TURNS", "5"))
SIGN_IN = """
import json
from accounts.models import User
from catalog.base import load_base
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings

load_base()
user = User.objects.create_user("reader@bench.example", name="Reader")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


@dataclass
class Seen:
    """Of one shape: pages a second of each turn, seconds each answer took, processor seconds of the server."""

    rates: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    processor: float = 0.0


def main() -> None:
    """Measure and print a table."""
    scratch = Path(tempfile.mkdtemp(prefix="ledgerdesk-bench-"))
    scratch.chmod(0o711)
    postgres = embedded.start_postgres(scratch / "postgres", log=scratch / "postgres.log", durable=False)
    valkey = embedded.start_valkey(None, log=scratch / "valkey.log")
    environment = os.environ | {
        "DEMO": "1", "DATABASE_URL": postgres.url, "REDIS_URL": valkey.url, "STATIC_ROOT": str(scratch / "static"),
        "LOG_LEVEL": "ERROR", "WEB_WORKERS": str(WORKERS), "WEB_THREADS": str(THREADS),
        "LIVE_STREAMS_PER_USER": "10000",
    }  # fmt: skip
    try:
        manage(environment, "migrate", "-v0")
        session = manage(environment, "shell", "-v0", "-c", SIGN_IN).strip().splitlines()[-1]
        measure(environment, session)
    finally:
        postgres.stop()
        valkey.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a management command; what it printed."""
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    return subprocess.run(
        command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def measure(environment: dict[str, str], session: str) -> None:
    """Let the shapes take turns and print what came of it."""
    seen = {name: Seen() for name in SHAPES}
    for turn in range(TURNS):
        for name, shape in seen.items():
            one_turn(environment, session, name, shape)
            print(f"turn {turn + 1}  {name:<18}{shape.rates[-1]:7.0f}/s", flush=True)
    print(f"\n{CLIENTS} clients, {WORKERS} processes, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<50}{'CPU ms':>7}{'median/s':>10}{'range':>12}{'p50 ms':>8}{'p95 ms':>8}")
    for name, shape in seen.items():
        ordered = sorted(shape.waits)
        p50, p95 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
        spread = f"{min(shape.rates):.0f}–{max(shape.rates):.0f}"
        print(
            f"{SHAPES[name]:<50}{1000 * shape.processor / len(ordered):7.2f}"
            f"{statistics.median(shape.rates):10.0f}{spread:>12}{p50:8.1f}{p95:8.1f}"
        )


def one_turn(environment: dict[str, str], session: str, name: str, seen: Seen) -> None:
    """Start a server, ask it for a while, stop it."""
    port = embedded.free_port()
    shape = name.removesuffix("_with_streams")
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bench.one_port_server", shape, str(port)],
        env=environment,
        cwd=ROOT,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        before, waits = asyncio.run(ask(port, session, server.pid, STREAMS if name != shape else 0))
        seen.processor += processor_seconds(server.pid) - before
        seen.rates.append(len(waits) / SECONDS)
        seen.waits += waits
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def processor_seconds(server: int) -> float:
    """What the server's worker processes have spent so far."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    ticks = 0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_for(url: str) -> None:
    """Wait until somebody answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                json.load(response)
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


async def ask(port: int, session: str, server: int, streams: int) -> tuple[float, list[float]]:
    """Ask as CLIENTS clients for SECONDS, after a second to warm up.

    The server's processor seconds when the measured time began, and the seconds each answer took.
    """
    head = f"Host: 127.0.0.1:{port}\r\nCookie: sessionid={session}\r\n\r\n"
    listeners = [await listen(port, head) for _number in range(streams)]
    request = f"GET /measured/ HTTP/1.1\r\n{head}".encode()
    await asyncio.gather(*(client(port, request, 1.0) for _number in range(CLIENTS)))
    before = processor_seconds(server)
    seen = await asyncio.gather(*(client(port, request, SECONDS) for _number in range(CLIENTS)))
    for writer in listeners:
        writer.close()
    return before, [seconds for one in seen for seconds in one]


async def listen(port: int, head: str) -> asyncio.StreamWriter:
    """Open a live stream and wait for its first event."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /live/ HTTP/1.1\r\n{head}".encode())
    await reader.readuntil(b"event: hello")
    return writer


async def client(port: int, request: bytes, duration: float) -> list[float]:
    """Ask over and over; the seconds each answer took. Raises AssertionError for anything but 200."""
    seen: list[float] = []
    end = time.perf_counter() + duration
    while time.perf_counter() < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _number in range(REQUESTS_A_CONNECTION):
            began = time.perf_counter()
            if began >= end:
                break
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            seen.append(time.perf_counter() - began)
        writer.close()
    return seen


if __name__ == "__main__":
    main()
