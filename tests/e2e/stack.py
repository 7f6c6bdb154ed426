"""The whole desk as it runs in production: web, worker and beat as processes, on a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
import structlog

from devtools import embedded
from devtools.children import Child, Keeper, stop_all
from devtools.place import ROOT
from devtools.sql import execute
from tests.e2e.mails import Mails

CELERY = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
WORKER = [*CELERY, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"]
log = structlog.get_logger(__name__)
# The suite's own switches would make the processes something else than what runs in production.
NOT_INHERITED = ("TESTING", "DEBUG", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "MAKELEVEL")


class Stack:
    """A running desk. `url` is its address, `mails` what it sent."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.database = f"stack_{name}_{os.getpid()}"
        self.port = embedded.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mails = Mails()
        self._server = os.environ["DATABASE_URL"]
        self.valkey: embedded.Service
        self.web: Child
        self.worker: Child
        self.beat: Child
        self._hands: subprocess.Popen[str] | None = None
        self._stopping = threading.Event()
        self._keeping: threading.Thread | None = None

    # --- life -------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Make the database and start everything."""
        self.folder.mkdir(parents=True, exist_ok=True)
        template = os.environ.get("TEST_TEMPLATE", "template1")
        self._administer(f'CREATE DATABASE "{self.database}" TEMPLATE "{template}"')
        self.valkey = embedded.start_valkey(None, log=self.folder / "valkey.log")
        self.mails.start()
        self._run([sys.executable, "-m", "devtools.prepare", "bare"])
        self.web = self._child("web", [sys.executable, "-m", "config.serve"])
        self.worker = self._child("worker", WORKER)
        self.beat = self._child("beat", [*CELERY, "beat"])
        for child in (self.web, self.worker, self.beat):
            child.launch()
        self.wait_until_ready()
        self._keeping = threading.Thread(target=self._keep, daemon=True)
        self._keeping.start()

    def wait_until_ready(self) -> None:
        """Wait for the web processes to answer; fails with their log if they end instead."""

        def ready() -> bool:
            assert self.web.running, self.logs()["web"]
            return self.get("/readyz") == 200

        self.until(ready, "the desk to be ready", timeout=90)

    def stop(self) -> None:
        """End every process and drop the database."""
        self._stopping.set()
        if self._keeping is not None:
            self._keeping.join()
        stop_all([self.web, self.worker, self.beat], timeout=10)
        if self._hands is not None:
            self._hands.kill()
            self._hands.wait()
        self.mails.stop()
        self.valkey.stop()
        self._administer(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def _child(self, name: str, command: list[str]) -> Child:
        return Child(name, command, self.environment, self.folder / f"{name}.log", ROOT)

    @cached_property
    def environment(self) -> dict[str, str]:
        """The environment of every process of the stack."""
        inherited = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
        address = urlsplit(self._server)
        return {
            **inherited,
            "DEMO": "1",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "DATABASE_URL": urlunsplit(address._replace(path=f"/{self.database}")),
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": self.mails.url,
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(ROOT / "var" / "test" / "static"),
            "SURVEY_DELAY": "2",
            # One desk for hundreds of tests: its people file more in an hour than anybody does.
            "FILINGS_PER_HOUR": "100000",
            "REPLIES_PER_HOUR": "100000",
            # What is sent arrives at once; how it is taken back has a test of its own.
            "REPLY_UNDO_SECONDS": "0",
            "LIVE_RECHECK": "1",
            "LIVE_STREAMS_PER_USER": "6",
            "WEB_WORKERS": "2",
            "WEB_THREADS": "4",
            "PYTHONUNBUFFERED": "1",
        }

    def _keep(self) -> None:
        """Start again what dies, as `make run` and the containers do: a worker may not survive its broker's loss."""
        keepers = [Keeper(child, say=log.warning) for child in (self.web, self.worker, self.beat)]
        while not self._stopping.wait(0.2):
            for keeper in keepers:
                keeper.look()

    # --- Valkey -----------------------------------------------------------------------------------------
    def stop_valkey(self) -> None:
        """End Valkey with all it holds; everything else goes on without it."""
        assert self.valkey.process is not None
        self.valkey.process.terminate()
        self.valkey.process.wait()

    def start_valkey(self) -> None:
        """Start an empty Valkey at the old address, unless it runs."""
        if not self.valkey.running:
            self.valkey.start()

    # --- hands ------------------------------------------------------------------------------------------
    def manage(self, *arguments: str) -> str:
        """Run a management command; what it printed. Raises AssertionError when it fails."""
        return self._run([sys.executable, "manage.py", *arguments])

    def python(self, source: str) -> Any:
        """Run Python inside the desk (ORM, services, tests.factories); the value left in `result`, as JSON has it."""
        if self._hands is None:
            with (self.folder / "hands.log").open("ab") as log:
                self._hands = subprocess.Popen(
                    [sys.executable, "-m", "tests.e2e.hands"], env=self.environment, cwd=ROOT, text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                )  # fmt: skip
        assert self._hands.stdin is not None
        assert self._hands.stdout is not None
        self._hands.stdin.write(json.dumps(source) + "\n")
        self._hands.stdin.flush()
        answer = json.loads(self._hands.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["result"]

    @cached_property
    def people(self) -> dict[str, str]:
        """The address of each person of the small desk (tests.factories.make_desk) by name; made at the first call."""
        return dict(self.python(MAKE_PEOPLE))

    def session(self, email: str) -> str:
        """The key of a new session in which the person of that address is signed in."""
        return str(self.python(SIGN_IN.format(email=email)))

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query against the stack's database; a statement without rows gives an empty list."""
        return execute(self.environment["DATABASE_URL"], query, *values)

    def redis(self) -> redis.Redis:
        """A client of the stack's Valkey."""
        return redis.Redis.from_url(self.valkey.url)

    def get(self, path: str, *, at: str = "") -> int:
        """The status of a GET without signing in (`at`: of another web process); 0 if nobody answers."""
        try:
            with urllib.request.urlopen((at or self.url) + path, timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def until(self, true: Callable[[], Any], what: str, *, timeout: float = 30.0) -> Any:
        """Wait for `true()` to be true and return its value."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            value = true()
            if value:
                return value
            time.sleep(0.1)
        raise AssertionError(f"waited {timeout:.0f} s for {what}")

    def logs(self) -> dict[str, str]:
        """The end of each log."""
        return {
            path.stem: path.read_text(errors="replace")[-6000:] for path in sorted(self.folder.glob("*.log"))
        }

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _administer(self, statement: str) -> None:
        execute(self._server, statement)


MAKE_PEOPLE = """
from tests.factories import make_desk

result = {name: user.email for name, user in make_desk().people().items()}
"""
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from accounts.models import User

user = User.objects.get(email="{email}")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
result = session.session_key
"""
