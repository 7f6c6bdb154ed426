"""A pytest plugin that starts a real PostgreSQL and Valkey, unless the environment names some.

Named in pyproject.toml by `-p`, so that it is imported before the settings are read. Runs in the controlling
process; xdist workers inherit the addresses and take a Redis database number each.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from devtools import embedded
from devtools.messages import compile_catalogues

os.environ.setdefault("TESTING", "1")


def _start() -> None:
    compile_catalogues()
    scratch = Path(tempfile.mkdtemp(prefix="ledgerdesk-test-"))
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
    os.environ.setdefault("MEDIA_ROOT", str(scratch / "media"))
    os.environ.setdefault("MAIL_DIR", str(scratch / "mail"))


def _own_redis_database() -> None:
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{number}"


if os.environ.get("PYTEST_XDIST_WORKER"):
    _own_redis_database()
else:
    _start()
