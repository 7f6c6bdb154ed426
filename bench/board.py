"""How long board, list, ticket page, steps on many and filing take: `python -m bench.board`.

Starts PostgreSQL of its own, as durable as a real one, writes 100,000 tickets of which 5,000 are open, and runs
bench/board_pages.py against it. `--help` lists the sizes; `--weight` asks a real browser what the board weighs.
"""

import argparse
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
    os.environ.update(asked_for())
    scratch = Path(tempfile.mkdtemp(prefix="ledgerdesk-bench-"))
    scratch.chmod(0o711)
    postgres = embedded.start_postgres(scratch / "postgres", log=scratch / "postgres.log")
    os.environ["DATABASE_URL"] = postgres.url
    try:
        return pytest.main([str(PAGES), "-n", "0", "-s", "-q"])
    finally:
        postgres.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def asked_for() -> dict[str, str]:
    """The sizes of the command line, as bench/board_data.py and bench/board_pages.py read them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", type=int, default=100_000, help="tickets, the ended included")
    parser.add_argument("--open", type=int, default=5_000, help="open tickets among them")
    parser.add_argument("--teams", type=int, default=12)
    parser.add_argument("--runs", type=int, default=40, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    parser.add_argument("--explain", action="store_true", help="print the plans of board and list, too")
    parser.add_argument("--weight", action="store_true", help="ask a browser what the board weighs, too")
    given = vars(parser.parse_args())
    return {f"BENCH_{name.upper()}": str(value) for name, value in given.items()}


if __name__ == "__main__":
    sys.exit(main())
