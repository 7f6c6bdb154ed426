"""What a watcher is told."""

import json
import os
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.db.migrations.recorder import MigrationRecorder

from catalog.services.statutory import load_statutory_days
from common import clock, health
from devtools.children import Child, stop_all
from devtools.embedded import free_port
from devtools.place import ROOT

FINE = {"database": "ok", "broker": "ok", "migrations": "ok", "warnings": []}


@pytest.mark.django_db
@pytest.mark.time_machine("2026-11-15T04:00:00Z")
def test_a_desk_in_order_is_ready(client):
    load_statutory_days(at=clock.now())
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, FINE)


@pytest.mark.django_db
def test_a_health_check_asks_for_no_host_name_and_no_session(client, settings, django_assert_num_queries):
    settings.ALLOWED_HOSTS = ["desk.example"]
    settings.SECURE_SSL_REDIRECT = True
    with django_assert_num_queries(0):
        response = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.json()) == (200, {"process": "ok"})
    assert client.get("/readyz", headers={"host": "10.0.0.7"}).status_code == 200


@pytest.mark.django_db
def test_a_desk_with_a_migration_to_come_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_all_applied", False)
    MigrationRecorder.Migration.objects.filter(app="surveys").order_by("-name").first().delete()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {**FINE, "migrations": "missing"})


@pytest.mark.e2e
def test_a_process_without_database_and_broker_lives_and_is_not_ready(tmp_path):
    port, nowhere = free_port(), free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "DATABASE_URL": f"postgres://desk@127.0.0.1:{nowhere}/desk",
        "REDIS_URL": f"redis://127.0.0.1:{nowhere}/0",
    }
    web = Child("web", [sys.executable, "-m", "config.serve"], environment, tmp_path / "web.log", ROOT)
    web.launch()
    try:
        deadline = time.monotonic() + 60
        while ask(port, "/healthz") is None:
            assert web.running, web.log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert ask(port, "/healthz") == (200, {"process": "ok"})
        away = {"database": "unreachable", "broker": "unreachable", "migrations": "unknown", "warnings": []}
        assert ask(port, "/readyz") == (503, away)
    finally:
        stop_all([web], timeout=10)


def ask(port, path):
    """Status and answer of a GET; None while nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return None
