"""What the enforcement of promises costs and how late it is: `python -m bench.sla`.

Starts a durable PostgreSQL, Valkey, two workers and two beats, and prints
- the cost of adding 48 working hours to an instant;
- the cost of a sweep with nothing due at BENCH_OPEN (1,000,000) open clocks;
- how late milestones are at 100 due a second for BENCH_SECONDS (20) seconds;
- how long 10,000 clocks take that fall due in one second.
"""

import os
import shutil
import sys
import tempfile
import time
import timeit
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tqdm import tqdm

from sla.calendar import WorkingCalendar, add
from tests.sla.fleet import Fleet

OPEN = int(os.environ.get("BENCH_OPEN", "1000000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "20"))
PATIENCE = 120.0
TEMPLATE = """
from accounts.models import Team
from common import clock
from tests.factories import make_desk, make_ticket
from tickets.triage import Impact
ticket = make_ticket(make_desk().customer, at=clock.now(), impact=Impact(production_down="full"))
ticket.clocks.update(state="cancelled", next_check_at=None)
result = ticket.pk
"""
# Copies of a ticket, each with one open clock; the due moments are spread over the seconds given.
COPY_TICKETS = """
INSERT INTO tickets_ticket ({columns})
SELECT {columns} FROM tickets_ticket, generate_series(1, %s) WHERE id = %s
"""
COPY_CLOCKS = """
INSERT INTO sla_clock (ticket_id, metric, cycle, state, tier, within, allowed, started_at, due_at, paused_for,
    policy_version_id, calendar_version_id, next_check_at)
SELECT id, 'first_response', 1, 'running', 'urgent', interval '1 hour', interval '1 hour',
    due - interval '1 hour', due, interval '0', version, calendar, due + interval '1 microsecond'
FROM (SELECT id, %s::timestamptz + %s * row_number() OVER (ORDER BY id) / count(*) OVER () AS due
      FROM tickets_ticket WHERE id > %s) AS tickets,
     (SELECT max(id) AS version FROM sla_policyversion) AS policies,
     (SELECT max(v.id) AS calendar FROM sla_calendarversion v JOIN sla_calendar c ON c.id = v.calendar_id
      WHERE c.code = 'always') AS calendars
"""
WARNED = """
INSERT INTO sla_milestone (clock_id, share, at)
SELECT c.id, s, now() FROM sla_clock c, unnest(array[50, 80]) s WHERE c.ticket_id > %s
"""
DONE = """
SELECT count(*) FROM sla_milestone m JOIN sla_clock c ON c.id = m.clock_id WHERE m.share = 100 AND c.ticket_id > %s
"""
NOTICES = "SELECT count(*) FROM notifications_notification WHERE ticket_id > %s"
CLOCKS = "SELECT count(*) FROM sla_clock WHERE ticket_id > %s"
SWEEP = """
import time
from common import clock
from sla.services.enforcing import sweep
took = []
for _number in range(200):
    began = time.perf_counter()
    sweep(at=clock.now())
    took.append(time.perf_counter() - began)
result = sorted(took)
"""


def main() -> int:
    """Measure and print."""
    arithmetic()
    scratch = Path(tempfile.mkdtemp(prefix="ledgerdesk-bench-"))
    fleet = Fleet(scratch)
    try:
        template = int(fleet.python(TEMPLATE))
        idle(fleet, template)
        fleet.start()
        time.sleep(8)
        due(fleet, template, count=100 * SECONDS, over=SECONDS, title=f"100 due a second, {SECONDS} s")
        due(fleet, template, count=10_000, over=1, title="10,000 due in one second")
    finally:
        fleet.stop()
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


def arithmetic() -> None:
    """48 working hours ahead on office hours."""
    hours = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
    office = WorkingCalendar(zone=ZoneInfo("Asia/Shanghai"), week=(hours,) * 5 + ((), ()))
    start = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    runs = 10_000
    took = timeit.timeit(lambda: add(office, start, timedelta(hours=48)), number=runs) / runs
    print(f"48 working hours ahead                 {took * 1e6:8.1f} µs")


def idle(fleet: Fleet, template: int) -> None:
    """A sweep that finds nothing due among many open clocks."""
    last = fill(fleet, template, OPEN, datetime.now(UTC) + timedelta(days=30), timedelta(days=30))
    fleet.sql("ANALYZE")
    took = fleet.python(SWEEP)
    [(there,)] = fleet.sql(CLOCKS, last)
    print(f"idle sweep, {there:,} open clocks     p50 {took[100] * 1e3:.2f} ms, p99 {took[198] * 1e3:.2f} ms")


def fill(fleet: Fleet, template: int, count: int, first: datetime, over: timedelta) -> int:
    """Add tickets whose clocks fall due from `first` on, over that time; the highest ticket before them."""
    [(last,)] = fleet.sql("SELECT max(id) FROM tickets_ticket")
    rows = fleet.sql(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'tickets_ticket' AND column_name <> 'id'"
    )
    columns = ", ".join(f'"{name}"' for (name,) in rows)
    with tqdm(total=count, desc="tickets", unit=" tickets") as bar:
        for begun in range(0, count, 50_000):
            part = min(50_000, count - begun)
            fleet.sql(COPY_TICKETS.format(columns=columns), part, template)
            bar.update(part)
    fleet.sql(COPY_CLOCKS, first, over, last)
    return int(last)


def due(fleet: Fleet, template: int, *, count: int, over: int, title: str) -> None:
    """Let `count` clocks fall due within `over` seconds and see how late each breach is on record."""
    first = datetime.now(UTC) + timedelta(seconds=12)
    last = fill(fleet, template, count, first, timedelta(seconds=over))
    fleet.sql(WARNED, last)
    seen = watch(fleet, last, count, first + timedelta(seconds=over + PATIENCE))
    # The k-th to fall due was on record when k were: seen from outside, after the commit.
    late, passed = [], 0
    for at, done in seen:
        for number in range(passed, done):
            late.append((at - first).total_seconds() - over * (number + 1) / count)
        passed = done
    late.sort()
    [(told,)] = fleet.sql(NOTICES, last)
    print(
        f"{title:38} {passed:,} of {count:,} on record, late p50 {late[len(late) // 2]:.2f} s, "
        f"p99 {late[int(len(late) * 0.99)]:.2f} s, worst {late[-1]:.2f} s; "
        f"all {(seen[-1][0] - first).total_seconds():.1f} s after the first fell due; {told:,} notices"
    )


def watch(fleet: Fleet, last: int, count: int, until: datetime) -> list[tuple[datetime, int]]:
    """How many breaches are on record, looked at every tenth of a second until all are, or `until`."""
    seen: list[tuple[datetime, int]] = []
    with fleet.connection() as connection, connection.cursor() as cursor:
        while datetime.now(UTC) < until:
            cursor.execute(DONE, [last])
            (done,) = cursor.fetchone() or (0,)
            seen.append((datetime.now(UTC), done))
            if done >= count:
                break
            time.sleep(0.1)
    return seen


if __name__ == "__main__":
    sys.exit(main())
