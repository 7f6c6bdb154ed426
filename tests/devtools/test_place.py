"""Whether a machine will do, and where the data lie."""

import shutil

import pytest

from devtools import place
from devtools.place import Address, Place, Unusable


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return Place()


def test_a_disk_without_room_is_told(folder, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 5 * 2**20))
    with pytest.raises(Unusable, match="has 5 MB left"):
        folder.prepare()


def test_a_machine_without_shared_memory_is_told(folder, monkeypatch, tmp_path):
    monkeypatch.setattr(place, "SHARED_MEMORY", str(tmp_path / "none"))
    with pytest.raises(Unusable, match="mount -t tmpfs"):
        folder.prepare()


def test_the_key_of_a_folder_is_its_own_and_stays(folder):
    folder.prepare()
    key = folder.secret_key()
    assert len(key) >= 50
    assert folder.secret_key() == key
    assert (folder.path / "secret-key").stat().st_mode & 0o077 == 0


def test_an_overlong_log_is_set_aside(folder, monkeypatch):
    folder.prepare()
    monkeypatch.setattr(place, "LONGEST_LOG", 3)
    folder.log("web").write_text("long")
    assert not folder.log("web").exists()
    assert (folder.logs / "web.log.1").read_text() == "long"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("desk.test", "http://desk.test:8000"),
    ],
)
def test_the_address_that_is_printed_can_be_opened_on_this_machine(host, url):
    assert Address(host, 8000).url == url


def test_a_desk_that_listens_everywhere_answers_to_any_name_and_another_to_its_own():
    assert Address("0.0.0.0", 8000).allowed_hosts == "*"
    assert "desk.test" in Address("desk.test", 8000).allowed_hosts.split(",")
    assert "*" not in Address("desk.test", 8000).allowed_hosts
