"""A pytest plugin that starts a real PostgreSQL and Valkey, unless the environment names some.

Named in pyproject.toml by `-p`, so that it is imported before the settings are read. Runs in the controlling
process; xdist workers inherit the addresses and take a Redis database number each.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from devtools import embedded
from devtools.messages import compile_catalogues
from devtools.place import ROOT
from devtools.sql import execute

os.environ.setdefault("TESTING", "1")


PREFIX = "ledgerdesk-test-"


def _start() -> None:
    compile_catalogues()
    _clear_after_the_killed()
    scratch = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    scratch.chmod(0o711)
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    if not os.environ.get("DATABASE_URL"):
        postgres = embedded.start_postgres(scratch / "postgres", log=scratch / "postgres.log", durable=False)
        atexit.register(postgres.stop)
        os.environ["DATABASE_URL"] = postgres.url
    if not os.environ.get("REDIS_URL"):
        valkey = embedded.start_valkey(None, log=scratch / "valkey.log")
        atexit.register(valkey.stop)
        os.environ["REDIS_URL"] = valkey.url
    if _runs_on_many():
        _make_template(os.environ["DATABASE_URL"])
    os.environ.setdefault("MEDIA_ROOT", str(scratch / "media"))
    os.environ.setdefault("MAIL_DIR", str(scratch / "mail"))


def _runs_on_many() -> bool:
    return any(a == "-n" and b != "0" for a, b in pairwise(sys.argv))


def _make_template(server: str) -> None:
    """A database with every table, to copy: each process of the run and each desk would else migrate its own."""
    name = f"ledgerdesk_template_{os.getpid()}"
    execute(server, f'CREATE DATABASE "{name}"')
    atexit.register(execute, server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    address = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, "DATABASE_URL": address}, check=True)
    os.environ["TEST_TEMPLATE"] = name


def _clear_after_the_killed() -> None:
    """Remove what test runs of this user left behind that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).split("-")[0]
        with suppress(OSError):
            if number.isdigit() and folder.stat().st_uid == os.geteuid() and not _lives(int(number)):
                shutil.rmtree(folder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _own_redis_database() -> None:
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{number}"


if os.environ.get("PYTEST_XDIST_WORKER"):
    _own_redis_database()
else:
    try:
        _start()
    except embedded.CannotStart as trouble:
        sys.exit(str(trouble))
