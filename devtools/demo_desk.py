"""A desk with the demo data in a folder of its own, for screenshots and for tests that look at every screen."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools.embedded import free_port
from devtools.place import ROOT, Address, Place
from devtools.run import Run

DOMAIN, PASSWORD = "demo.example", "ledgerdesk-demo"
# What somebody has set for their own desk or their own tests is not for this one.
NOT_INHERITED = frozenset(
    {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "MEDIA_ROOT", "MAIL_DIR"}
    | {"STATIC_ROOT", "TESTING", "DEBUG", "MAKELEVEL", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "DATA_DIR"}
)  # fmt: skip


class DemoDesk:
    """A running desk: `url` is its address."""

    def __init__(self, run: Run, url: str) -> None:
        self._run = run
        self.url = url

    def inside(self, *arguments: str) -> str:
        """Run `devtools.inside` with the desk's own settings; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "devtools.inside", *arguments],
            env={**self._run.environment, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING"},
            cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.stdout

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """PostgreSQL is away meanwhile."""
        postgres = next(service for service in self._run.services if service.name == "PostgreSQL")
        postgres.halt()
        try:
            yield
        finally:
            postgres.start()


@contextmanager
def demo_desk() -> Iterator[DemoDesk]:
    """Start a desk with the demo data on a free port; all of it is gone afterwards. Raises Unusable, CannotStart."""
    folder = Path(tempfile.mkdtemp(prefix="ledgerdesk-demo-"))
    address = Address("127.0.0.1", free_port())
    environment = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    run = Run(Place(folder), demo=True, environment=environment)
    try:
        run.start(address)
        yield DemoDesk(run, address.url)
    finally:
        run.end()
        shutil.rmtree(folder, ignore_errors=True)
