"""How long board, list, ticket page and filing take with 5,000 open tickets: `python -m bench.board`.

Starts PostgreSQL of its own, as durable as a real one, and runs bench/board_pages.py against it. Sizes by
BENCH_OPEN, BENCH_CLOSED, BENCH_TEAMS and BENCH_RUNS; BENCH_EXPLAIN=1 prints the plans of the statements too.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from devtools import embedded

PAGES = Path(__file__).with_name("board_pages.py")


def main() -> int:
    """Start a durable PostgreSQL and run the measurement against it."""
    scratch = Path(tempfile.mkdtemp(prefix="ledgerdesk-bench-"))
    scratch.chmod(0o711)
    postgres = embedded.start_postgres(scratch / "postgres", log=scratch / "postgres.log")
    os.environ["DATABASE_URL"] = postgres.url
    try:
        return pytest.main([str(PAGES), "-n", "0", "-s", "-q"])
    finally:
        postgres.stop()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
