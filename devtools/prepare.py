"""`python -m devtools.prepare`: brings database and static files to what the code expects; quick if nothing is new.

With `bare` the desk stays empty but for what every desk begins with: no handbook, no demo data. Ends with a sentence
and a code other than 0 when database or broker cannot be used.
"""

import errno
import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import django
import redis
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from devtools.messages import compile_catalogues
from devtools.place import ROOT

WHAT_IS_LOADED = {
    "load_base": "Teams, products and promises …",
    "load_handbook": "The handbook …",
    "load_demo": "The demo's people and tickets …",
}


def main(arguments: list[str]) -> None:
    """Do what is missing, and say it."""
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    compile_catalogues()
    django.setup()
    try:
        check_broker()
        migrate()
        collect_static()
        for command, words in WHAT_IS_LOADED.items():
            if command == "load_base" or arguments != ["bare"]:
                say(words)
                # Progress is for the person at the terminal; stderr is kept for what went wrong.
                call_command(command, stdout=StringIO(), stderr=sys.stdout)
    except DatabaseError as error:
        sys.exit(database_trouble(error))
    except redis.RedisError as error:
        sys.exit(f"Valkey or Redis does not answer ({error}). Check REDIS_URL, then try again.")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sys.exit("The disk is full. Free some room, then try again.")
        raise


def database_trouble(error: DatabaseError) -> str:
    """A sentence about a database that cannot be used."""
    text = " ".join(str(error).split())
    if "No space left" in text:
        return "The disk of the database is full. Free some room, then try again."
    return f"The database cannot be used: {text} Check DATABASE_URL, then try again."


def check_broker() -> None:
    """Raises RedisError when nobody answers."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5) as client:
        client.ping()


def migrate() -> None:
    """Bring the tables up to date."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Setting up the tables …")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect the static files again if any has changed."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp, wanted = root / ".stamp", fingerprint()
    with root.with_suffix(".lock").open("w") as lock:
        # Two desks may share one folder: one collects, the other finds them.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        say("Collecting static files …")
        call_command("collectstatic", interactive=False, verbosity=0, clear=stamp.exists())
        stamp.write_text(wanted)


def fingerprint() -> str:
    """Changes when a static file or a package that brings some has changed."""
    digest = hashlib.sha256()
    for lock in ("requirements-local.txt", "package-lock.json"):
        digest.update((ROOT / lock).read_bytes())
    for path in own_static_files():
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def own_static_files() -> Iterator[Path]:
    """The static files that are part of this project."""
    folders = [ROOT / "static", *(Path(app.path) / "static" for app in apps.get_app_configs())]
    for folder in folders:
        if folder.is_relative_to(ROOT) and ".venv" not in folder.parts:
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
