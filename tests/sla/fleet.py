"""Database, broker, workers and beats as processes of their own, to be killed: for the chaos test and bench/sla.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2
import structlog

from devtools import embedded
from devtools.children import Child, Keeper, stop_all
from devtools.place import ROOT
from devtools.sql import connect
from tests.e2e.stack import CELERY, NOT_INHERITED, WORKER

log = structlog.get_logger(__name__)


class Fleet:
    """Two workers and two beats on a PostgreSQL as durable as a real one, without web processes."""

    def __init__(self, folder: Path, *, workers: int = 2, beats: int = 2) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
        self.postgres = embedded.start_postgres(folder / "postgres", log=folder / "postgres.log")
        self.valkey = embedded.start_valkey(None, log=folder / "valkey.log")
        self._hands: subprocess.Popen[str] | None = None
        self._run([sys.executable, "-m", "devtools.prepare", "bare"])
        self.workers = [self._child(f"worker{number}", WORKER) for number in range(workers)]
        self.beats = [self._child(f"beat{number}", [*CELERY, "beat"]) for number in range(beats)]
        self._stopping = threading.Event()
        self._keeping = threading.Thread(target=self._keep, daemon=True)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process."""
        inherited = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
        return {
            **inherited,
            "DEMO": "1",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "MAIL_DIR": str(self.folder / "mail"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(ROOT / "var" / "test" / "static"),
            "EMAIL_URL": "",
            "FILINGS_PER_HOUR": "100000",
            "REPLIES_PER_HOUR": "100000",
            "LOG_LEVEL": "WARNING",
        }

    def _child(self, name: str, command: list[str]) -> Child:
        return Child(name, command, self.environment, self.folder / f"{name}.log", ROOT)

    def start(self) -> None:
        """Let workers and beats run; who dies is started again, as in production."""
        for child in (*self.workers, *self.beats):
            child.launch()
        self._keeping.start()

    def _keep(self) -> None:
        keepers = [Keeper(child, say=log.warning) for child in (*self.workers, *self.beats)]
        while not self._stopping.wait(0.2):
            for keeper in keepers:
                keeper.look()

    def stop(self) -> None:
        """End everything."""
        self._stopping.set()
        if self._keeping.is_alive():
            self._keeping.join()
        stop_all([*self.workers, *self.beats], timeout=10)
        self.stop_hands()
        self.valkey.stop()
        self.postgres.stop()

    def kill(self, child: Child) -> None:
        """End a process the hard way, with all it has begun."""
        if child.process is not None:
            # The worker's children have its session: none of them goes on. It may have died by itself already.
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, 9)

    def python(self, source: str) -> Any:
        """Run Python with the desk's ORM; the value left in `result`."""
        if self._hands is None:
            with (self.folder / "hands.log").open("ab") as output:
                self._hands = subprocess.Popen(
                    [sys.executable, "-m", "tests.e2e.hands"], env=self.environment, cwd=ROOT, text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output,
                )  # fmt: skip
        assert self._hands.stdin is not None
        assert self._hands.stdout is not None
        self._hands.stdin.write(json.dumps(source) + "\n")
        self._hands.stdin.flush()
        answer = json.loads(self._hands.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def stop_hands(self) -> None:
        """End the process that `python` talks to."""
        if self._hands is not None:
            self._hands.kill()
            self._hands.wait()
            self._hands = None

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a statement; one without rows gives an empty list."""
        with self.connection() as connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def connection(self) -> Iterator[psycopg2.extensions.connection]:
        """A connection of its own to the database, each statement a transaction."""
        connection = connect(self.postgres.url)
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
