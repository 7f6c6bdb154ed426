"""`python -m devtools.run`: the whole desk with demo data on this machine; `… bare` without, `… reset` forgets all.

Starts PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name some), prepares the database, then runs web,
worker and beat until Ctrl-C, SIGTERM or SIGHUP. What dies meanwhile is started again.
"""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress

from common.processes import die_with_parent
from devtools import embedded
from devtools.children import Child, Keeper, Startable, stop_all
from devtools.joining import leave, take_away
from devtools.place import ROOT, Address, Place, Unusable, address_from_environment, check_free

READY_TIMEOUT = 120.0
STOP_TIMEOUT = 20.0
LOGINS = (
    ("customer", "客户", "customer"),
    ("colleague", "同单位联系人", "colleague, contact manager of the same organisation"),
    ("stranger", "其他单位客户", "customer of another organisation"),
    ("engineer", "工程师", "engineer"),
    ("engineer2", "工程师（另一组）", "engineer of another team"),
    ("manager", "经理", "manager"),
    ("admin", "管理员", "administrator"),
)


class Stopped(Exception):
    """Somebody asked the desk to stop while it was starting."""


def main(arguments: list[str]) -> int:
    """Run or reset; the exit code."""
    place = Place()
    try:
        if arguments == ["reset"]:
            place.clear()
            say(f"The data below {place.path} are gone.")
            return 0
        return Run(place, demo=arguments != ["bare"]).run()
    except (Unusable, embedded.CannotStart) as error:
        say(str(error), stream=sys.stderr)
        return 1


class Run:
    """One run of the desk, from start to stop."""

    def __init__(self, place: Place, *, demo: bool, environment: Mapping[str, str] = os.environ) -> None:
        self.place = place
        self.demo = demo
        self.stop = threading.Event()
        self.services: list[embedded.Service] = []
        self.children: list[Child] = []
        self.environment = dict(environment)

    def run(self) -> int:
        """Start everything, keep it running, end it. Raises Unusable and CannotStart."""
        began = time.monotonic()
        self._listen_to_signals()
        address = address_from_environment()
        try:
            self.start(address)
            self._announce(address, time.monotonic() - began)
            self._keep()
        except Stopped:
            return 0
        finally:
            self.end()
        return 0

    def start(self, address: Address) -> None:
        """Start everything and wait until it answers. Raises Unusable and CannotStart; call `end` even then."""
        self.place.prepare()
        self.place.lock(address.url)
        check_free(address)
        self._start(address)

    def end(self) -> None:
        """Stop every process that was started."""
        if self.children:
            take_away(self.place.path)
        stop_all(self.children, timeout=STOP_TIMEOUT)
        for service in reversed(self.services):
            service.stop()
        if self.stop.is_set():
            say("Stopped. 已停止。")

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        if "MAKELEVEL" in os.environ:
            # Whoever kills make means the desk.
            die_with_parent()

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        if not self.stop.is_set():
            say("\nStopping … 正在停止 …")
        self.stop.set()

    def _start(self, address: Address) -> None:
        self._configure(address)
        self._start_service("DATABASE_URL", "PostgreSQL", self._start_postgres)
        self._start_service("REDIS_URL", "Valkey", self._start_valkey)
        self._prepare()
        leave(self.place.path, self.environment)
        python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
        self._launch("web", [python, "-m", "config.serve"])
        self._launch("worker", [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"])
        self._launch("beat", [*celery, "beat"])
        self._wait_until_ready(address)

    def _configure(self, address: Address) -> None:
        path = self.place.path
        defaults = {
            "DEMO": "1",
            "SITE_URL": address.url,
            "ALLOWED_HOSTS": address.allowed_hosts,
            "SECRET_KEY": self.place.secret_key(),
            "MEDIA_ROOT": str(path / "media"),
            "STATIC_ROOT": str(path / "static"),
            "MAIL_DIR": str(path / "mail"),
            "PYTHONUNBUFFERED": "1",
        }
        self.environment = {**defaults, **self.environment, "HOST": address.host, "PORT": str(address.port)}

    def _start_service(self, variable: str, name: str, start: Callable[[], embedded.Service]) -> None:
        if self.environment.get(variable):
            return
        say(f"Starting {name} …")
        service = start()
        self.services.append(service)
        self.environment[variable] = service.url
        self._check()

    def _start_postgres(self) -> embedded.Service:
        return embedded.start_postgres(self.place.path / "postgres", log=self.place.log("postgres"))

    def _start_valkey(self) -> embedded.Service:
        return embedded.start_valkey(self.place.path / "valkey", log=self.place.log("valkey"))

    def _prepare(self) -> None:
        command = [sys.executable, "-m", "devtools.prepare", *([] if self.demo else ["bare"])]
        process = subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, errors="replace", start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 (the parent has one thread)
        )  # fmt: skip
        words = None
        while words is None:
            # Kept in memory: a full disk is one of the things it may have to say.
            with suppress(subprocess.TimeoutExpired):
                words = process.communicate(timeout=0.2)[1]
            if self.stop.is_set():
                process.terminate()
        self._check()
        log = self.place.log("prepare")
        with suppress(OSError):
            log.write_text(words)
        if process.returncode:
            raise Unusable(f"{last_line(words)}\n(More in {log}.)")

    def _launch(self, name: str, command: list[str]) -> None:
        child = Child(name, command, self.environment, self.place.log(name), ROOT)
        self.children.append(child)
        child.launch()

    def _wait_until_ready(self, address: Address) -> None:
        deadline = time.monotonic() + READY_TIMEOUT
        while not answers(f"{address.url}/readyz"):
            self._check()
            dead = next((child for child in self.children if not child.running), None)
            if dead is not None or time.monotonic() > deadline:
                name, log = (dead.name, dead.log) if dead else ("web", self.place.log("web"))
                words = last_line(log.read_text(errors="replace"))
                raise Unusable(f"The process “{name}” does not start: {words}\n(More in {log}.)")
            self.stop.wait(0.1)

    def _announce(self, address: Address, seconds: float) -> None:
        say(f"\nLedgerDesk 账服台 runs at {self.environment['SITE_URL']}/  ({seconds:.0f} s)\n")
        if self.demo:
            say("Sign in as 登录账号 (password 密码 ledgerdesk-demo):")
            for name, zh, en in LOGINS:
                say(f"  {name + '@demo.example':<24}{zh} · {en}")
        say(f"\nLogs 日志: {self.place.logs}")
        if not self.environment.get("EMAIL_URL"):
            say(f"Mail 邮件: {self.environment['SITE_URL']}/dev/mail/")
        say("Ctrl-C stops everything. 按 Ctrl-C 全部停止。")

    def _keep(self) -> None:
        watched: list[Startable] = [*self.services, *self.children]
        keepers = [Keeper(one, say) for one in watched]
        while not self.stop.wait(0.5):
            for keeper in keepers:
                keeper.look()

    def _check(self) -> None:
        if self.stop.is_set():
            raise Stopped


def answers(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def say(text: str, stream: object = None) -> None:
    """Tell the person at the terminal, if there still is one."""
    with suppress(OSError, ValueError):
        print(text, file=stream or sys.stdout, flush=True)  # type: ignore[arg-type]


if __name__ == "__main__":
    for output in (sys.stdout, sys.stderr):
        output.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
