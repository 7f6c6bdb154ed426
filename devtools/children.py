"""Processes that are started again when they die, with growing pauses."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from common.processes import die_with_parent

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# Who has lived this long has come up well; the next death starts from the shortest pause.
LIVED_WELL = 60.0


class Startable(Protocol):
    """A child process, or an embedded service."""

    name: str
    log: Path

    @property
    def running(self) -> bool:
        """Whether the process lives."""

    def launch(self) -> None:
        """Start it and return at once."""


@dataclass
class Child:
    """A process of the desk: web, worker or beat."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    cwd: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def launch(self) -> None:
        """Start it in a session of its own, so that the terminal's Ctrl-C reaches the parent alone."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, env=dict(self.environment), cwd=self.cwd, start_new_session=True,
                stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                preexec_fn=partial(die_with_parent, signal.SIGTERM),  # noqa: PLW1509 (the parent has one thread)
            )  # fmt: skip


def stop_all(children: list[Child], *, timeout: float) -> None:
    """Ask all at once to end; kill who has not after `timeout` seconds."""
    alive = [child.process for child in children if child.process is not None and child.running]
    for process in alive:
        process.terminate()
    deadline = time.monotonic() + timeout
    for process in alive:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Keeper:
    """Watches one process and starts it again."""

    startable: Startable
    say: Callable[[str], None]
    deaths: int = 0
    started_at: float = field(default_factory=time.monotonic)
    start_again_at: float | None = None

    def look(self) -> None:
        """Notice a death, or start again when the pause is over. Called every moment."""
        now = time.monotonic()
        if self.start_again_at is not None:
            if now >= self.start_again_at:
                self.start_again_at, self.started_at = None, now
                self.startable.launch()
        elif not self.startable.running:
            self.deaths = 1 if now - self.started_at > LIVED_WELL else self.deaths + 1
            pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
            self.start_again_at = now + pause
            self.say(
                f"{self.startable.name} has ended; starting it again in {pause:.0f} s. "
                f"Its last words are in {self.startable.log}."
            )
