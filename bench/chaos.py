"""The storm of the chaos test, longer: `python -m bench.chaos`.

For BENCH_SECONDS (300) seconds BENCH_RATE (8) urgent tickets a second fall due while workers, beats, Valkey and
PostgreSQL die at random (BENCH_SEED), and every third customer is answered. Prints what was done, how late the
latest breach came on record, and what is wrong: nothing, or it ends with 1.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tqdm import tqdm

from tests.sla.chaos import Storm
from tests.sla.fleet import Fleet

SECONDS = int(os.environ.get("BENCH_SECONDS", "300"))
RATE = int(os.environ.get("BENCH_RATE", "8"))
SEED = int(os.environ.get("BENCH_SEED", "1"))
PATIENCE = 120.0


def blows(fleet: Fleet) -> dict[str, Callable[[], None]]:
    """What may happen to a desk."""

    def restart_postgres() -> None:
        fleet.postgres.halt()
        time.sleep(1)
        fleet.postgres.start()

    def lose_valkey() -> None:
        fleet.valkey.halt()
        time.sleep(3)
        fleet.valkey.start()

    return {
        "a worker killed": lambda: fleet.kill(random.choice(fleet.workers)),
        "both workers killed": lambda: [fleet.kill(worker) for worker in fleet.workers] and None,
        "a beat killed": lambda: fleet.kill(random.choice(fleet.beats)),
        "PostgreSQL restarted": restart_postgres,
        "Valkey gone for 3 s": lose_valkey,
    }


def main() -> int:
    """Let the storm rage and say what is left."""
    random.seed(SEED)
    scratch = Path(tempfile.mkdtemp(prefix="ledgerdesk-bench-"))
    fleet = Fleet(scratch)
    try:
        fleet.start()
        storm = Storm(fleet, tickets=RATE * SECONDS, over=timedelta(seconds=SECONDS))
        storm.begin()
        struck = rage(fleet)
        done = storm.finished(within=PATIENCE)
        wrong = storm.wrong()
        print(f"{len(storm.ids):,} promises, {len(storm.answered):,} answered; {struck}")
        print(f"all judged: {done}; latest breach on record {storm.latest()} after it fell due")
        print(f"wrong: {wrong or 'nothing'}")
        return 0 if done and not wrong else 1
    finally:
        fleet.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def rage(fleet: Fleet) -> dict[str, int]:
    """Strike every few seconds; how often what was done."""
    possible = blows(fleet)
    struck = dict.fromkeys(possible, 0)
    ends = time.monotonic() + SECONDS
    with tqdm(total=SECONDS, unit=" s") as bar:
        while (left := ends - time.monotonic()) > 0:
            bar.update(SECONDS - int(left) - bar.n)
            name = random.choice(list(possible))
            possible[name]()
            struck[name] += 1
            time.sleep(min(left, random.uniform(4, 12)))
    return struck


if __name__ == "__main__":
    sys.exit(main())
