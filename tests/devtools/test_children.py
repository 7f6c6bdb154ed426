"""Starting again what died."""

import sys
import time

import pytest

from devtools import children
from devtools.children import Child, Keeper, stop_all


@pytest.fixture
def child(tmp_path):
    def make(source):
        command = [sys.executable, "-c", source]
        return Child("clerk", command, {}, tmp_path / "clerk.log", tmp_path)

    return make


def look_until(keeper, true, timeout=10):
    deadline = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < deadline
        keeper.look()
        time.sleep(0.01)


def test_who_dies_is_started_again_with_growing_pauses_and_it_is_said(child, monkeypatch):
    monkeypatch.setattr(children, "FIRST_PAUSE", 0.1)
    said = []
    clerk = child("print('overworked')")
    clerk.launch()
    keeper = Keeper(clerk, said.append)
    pauses = []
    for deaths in (1, 2, 3):
        look_until(keeper, lambda number=deaths: keeper.deaths == number)
        pauses.append(keeper.start_again_at - time.monotonic())
        look_until(keeper, lambda: keeper.start_again_at is None)
    assert pauses == pytest.approx([0.1, 0.2, 0.4], abs=0.05)
    assert len(said) == 3
    assert said[0].startswith("clerk has ended; starting it again in")
    assert str(clerk.log) in said[0]
    stop_all([clerk], timeout=5)
    assert clerk.log.read_text().count("overworked") >= 2


def test_who_lives_is_left_alone(child):
    said = []
    clerk = child("import time; time.sleep(60)")
    clerk.launch()
    first = clerk.process.pid
    Keeper(clerk, said.append).look()
    assert (clerk.process.pid, said) == (first, [])
    stop_all([clerk], timeout=5)


def test_who_does_not_listen_is_killed(child):
    clerk = child(
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    clerk.launch()
    while "deaf" not in clerk.log.read_text():
        time.sleep(0.02)
    stop_all([clerk], timeout=0.3)
    assert clerk.process.returncode == -9
