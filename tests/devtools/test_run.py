"""`make run`, as a person at a terminal meets it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from devtools.embedded import free_port
from devtools.place import ROOT

NOT_INHERITED = {
    "TESTING",
    "DATABASE_URL",
    "REDIS_URL",
    "MEDIA_ROOT",
    "MAIL_DIR",
    "MAKELEVEL",
    "EMAIL_URL",
    "DEMO",
}

COUNT = "from catalog.models import Product; print(Product.objects.count(), 'objects')"


class Terminal:
    """Runs the desk on a folder of its own, without demo data."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.process = None
        self.environment = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
        self.environment |= {
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "STATIC_ROOT": str(ROOT / "var" / "test" / "static"),
        }

    def start(self):
        """Start and wait until it is up; the seconds it took."""
        began = time.monotonic()
        self.process = self._open([])
        for line in self.process.stdout:
            if "runs at" in line:
                return time.monotonic() - began
        raise AssertionError(f"ended with {self.process.wait()}: {self.process.stderr.read()}")

    def say(self, *arguments, **environment):
        """Run it to its end: exit code, and what it said on stderr."""
        done = self._open(arguments or ["bare"], **environment)
        _out, words = done.communicate(timeout=60)
        return done.returncode, words

    def manage(self, *arguments):
        """Run manage.py beside the desk, with none of its settings: what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip

    def _open(self, arguments, **environment):
        return subprocess.Popen(
            [sys.executable, "-m", "devtools.run", *(arguments or ["bare"])],
            cwd=ROOT, env=self.environment | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return response.status

    def processes(self):
        """The ids of every process that was started for the folder and lives."""
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self._ours(pid)]

    def _ours(self, pid):
        try:
            belongs = f"DATA_DIR={self.folder}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(
                b"\0"
            )
            return belongs and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False

    def all_gone(self, timeout=20):
        deadline = time.monotonic() + timeout
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.processes() == []

    def end(self, number):
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


@pytest.fixture
def terminal(tmp_path):
    tmp_path.chmod(0o711)
    terminal = Terminal(tmp_path / "var")
    yield terminal
    if terminal.process is not None and terminal.process.poll() is None:
        terminal.end(signal.SIGTERM)


@pytest.mark.e2e
def test_the_desk_runs_stops_cleanly_and_finds_its_data_again(terminal):
    terminal.start()
    assert terminal.get("/readyz") == 200
    assert len(terminal.processes()) > 5
    assert "9 objects" in terminal.manage("shell", "-v0", "-c", COUNT)
    code, words = terminal.say()
    assert (code, words.count("\n")) == (1, 1)
    assert f"already runs on {terminal.folder} (http://127.0.0.1:{terminal.port}, process" in words
    code, words = terminal.say("reset")
    assert code == 1
    assert "already runs" in words
    assert terminal.end(signal.SIGTERM) == 0
    assert terminal.processes() == []
    assert terminal.manage("shell", "-v0", "-c", COUNT) == ""

    terminal.start()
    # However it ends, nothing of it stays.
    terminal.end(signal.SIGKILL)
    assert terminal.all_gone()
    assert terminal.say("reset") == (0, "")
    assert [path.name for path in terminal.folder.iterdir()] == ["lock"]


def test_a_port_in_use_gets_a_sentence(terminal):
    with socket.create_server(("127.0.0.1", terminal.port)):
        code, words = terminal.say()
    assert code == 1
    assert words == (
        f"Port {terminal.port} is in use. Stop what listens there or choose another: "
        f"make run PORT={terminal.port + 1}\n"
    )
    assert terminal.processes() == []


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "http"}, "PORT=http is no port"),
        ({"PORT": "70000"}, "PORT=70000 is no port"),
        ({"HOST": "192.0.2.1"}, "HOST=192.0.2.1 is no address of this machine"),
        ({"DATA_DIR": "/proc/desk"}, "/proc/desk cannot be written"),
    ],
)
def test_a_start_that_cannot_be_says_why_in_one_line(terminal, environment, sentence):
    code, words = terminal.say(**environment)
    assert (code, words.count("\n")) == (1, 1)
    assert sentence in words


def test_a_database_that_does_not_answer_gets_a_sentence(terminal):
    address = f"postgres://nobody@127.0.0.1:{free_port()}/none"
    code, words = terminal.say(DATABASE_URL=address, REDIS_URL=os.environ["REDIS_URL"])
    assert code == 1
    assert words.startswith("The database cannot be used: ")
    assert "Check DATABASE_URL" in words
