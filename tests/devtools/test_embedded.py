"""The embedded PostgreSQL after an accident."""

import os

import psycopg2
import pytest

from devtools.embedded import reachable_places, start_postgres


@pytest.mark.e2e
def test_postgres_starts_on_what_an_accident_left_behind(tmp_path):
    """A start that was cut off while it made its files, then a server that vanished and whose number was reused."""
    tmp_path.chmod(0o711)
    data, log = tmp_path / "postgres", tmp_path / "postgres.log"
    _binaries, home = reachable_places(data)
    (home / "cluster.unfinished").mkdir(parents=True)
    (home / "cluster.unfinished" / "PG_VERSION").write_text("18")
    first = start_postgres(data, log=log, durable=False)
    first.stop()
    (home / "cluster" / "postmaster.pid").write_text(f"{os.getpid()}\n{home / 'cluster'}\n")
    second = start_postgres(data, log=log, durable=False)
    try:
        with psycopg2.connect(host=second.scratch, user="ledgerdesk", dbname="ledgerdesk") as connection:
            assert connection.closed == 0
        connection.close()
    finally:
        second.stop()
