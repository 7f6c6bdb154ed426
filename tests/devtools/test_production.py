"""What production asks for, and what it refuses."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from config import settings
from devtools.place import ROOT

WHOLE = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "Vd3-pJ7w_2Qm9xTz5LrB8nKc1HyGf6SaUe4oXiWqRjNbMtPv0ZkD",
    "SITE_URL": "https://desk.example",
    "DATABASE_URL": "postgres://desk:secret@127.0.0.1:1/desk",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "submission://desk:secret@mail.example:587",
}


def check(**changes):
    """`manage.py check --deploy` with the settings of production: exit code and words."""
    environment = {key: value for key, value in {**WHOLE, **changes}.items() if value is not None}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_settings_of_production_pass_djangos_own_checks():
    code, words = check()
    assert (code, words.strip()) == (0, "System check identified no issues (0 silenced).")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "shorter than 50 characters"),
        ({"SECRET_KEY": settings.INSECURE_KEY}, "SECRET_KEY is missing, a default"),
        ({"SITE_URL": None}, "SITE_URL is missing"),
        ({"EMAIL_URL": None}, "EMAIL_URL is missing"),
        ({"EMAIL_URL": "smtp+tls://mail.example"}, "EMAIL_URL begins with none of"),
        ({"WEB_THREADS": "many"}, "WEB_THREADS"),
        ({"DEMO": "1"}, "for a machine of your own"),
        ({"DEBUG": "1"}, "for a machine of your own"),
        ({"TESTING": "1"}, "for a machine of your own"),
    ],
)
def test_production_refuses_to_start_on_what_is_missing_or_a_default(changes, sentence):
    code, words = check(**changes)
    assert code != 0
    assert sentence in words


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def example():
    """The names in .env.example with what stands behind them."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_names_each_variable_that_compose_asks_for_and_no_other(example):
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    asked |= set(re.findall(r"\{\$([A-Z_]+)\}", (ROOT / "deploy" / "Caddyfile").read_text()))
    assert asked == set(example)


def test_no_secret_stands_in_the_repository(example):
    assert [
        example[name] for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "EMAIL_URL")
    ] == [""] * 4
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "EMAIL_URL", "SITE_HOST"):
        assert f"${{{name}:?" in (ROOT / "docker-compose.yml").read_text(), f"compose starts without {name}"


def test_the_desk_reads_each_variable_its_containers_are_given(compose):
    source = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "serve.py"))
    given = set(compose["services"]["web"]["environment"]) | set(compose["services"]["worker"]["environment"])
    assert sorted(name for name in given if f'"{name}"' not in source) == []


def test_every_service_comes_back_and_the_migrations_run_once_before_them(compose):
    services = compose["services"]
    assert services["migrate"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        assert services[name]["restart"] == "unless-stopped"
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    for name in ("postgres", "valkey", "web", "worker"):
        assert services[name]["healthcheck"]["test"]


def test_only_the_proxy_is_published(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_every_volume_that_is_used_is_declared(compose):
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert used == set(compose["volumes"])


def test_the_proxy_lets_pass_what_the_desk_takes():
    limit = re.search(r"max_size (\d+)MiB", (ROOT / "deploy" / "Caddyfile").read_text())
    assert int(limit[1]) * 2**20 >= settings.MAX_BODY_BYTES


def test_the_image_runs_as_an_ordinary_user_and_copies_only_what_exists():
    text = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["desk"]
    named = [
        path
        for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE)
        for path in line.split()[:-1]
    ]
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
