"""The sweep: what has fallen due is found in Postgres and done once, by however many workers look.

Clocks are taken and written many at a time, so that ten thousand that fall due in one second are done in seconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import connection, transaction

from common.events import publish
from sla import clock as arithmetic
from sla.events import MilestonesReached
from sla.models import Clock, Milestone
from sla.services.escalating import escalate
from sla.services.keeping import breach_entry, hit_of, next_check_of, reading_of
from sla.services.rules import rules_of
from sla.vocabulary import BREACH
from tickets.live import announce_tickets
from tickets.services.history import append

log = structlog.get_logger(__name__)
BATCH = 500


@dataclass
class Finding:
    """What the sweep found on one clock: `shares` newly reached, and the one people are told of."""

    clock: Clock
    shares: list[int] = field(default_factory=list)
    told: int | None = None

    @property
    def breaks(self) -> bool:
        """The promise is broken, and that was not yet on record."""
        return BREACH in self.shares


def sweep(*, at: datetime, batch: int = BATCH) -> int:
    """Enforce every clock whose next check is due at `at`; how many. Bounded batches until none are left.

    A clock that cannot be enforced is logged and left for the next sweep; the others go on.
    """
    done = 0
    broken: set[int] = set()
    while True:
        taken, failed = _sweep_batch(at, batch, broken)
        broken |= failed
        done += taken - len(failed)
        if taken < batch:
            return done


@transaction.atomic
def _sweep_batch(at: datetime, size: int, broken: set[int]) -> tuple[int, set[int]]:
    # The ticket's row is claimed too: whoever changes a ticket locks it before its clocks.
    due = (
        Clock.objects.select_for_update(skip_locked=True, of=("self", "ticket"), no_key=True)
        .filter(next_check_at__lte=at)
        .exclude(pk__in=broken)
        .select_related("ticket")
        .order_by("next_check_at")[:size]
    )
    clocks = list(due)
    if not clocks or _enforced(clocks, at):
        return len(clocks), set()
    # One of them spoils it for all: each by itself tells which.
    return len(clocks), {clock.pk for clock in clocks if not _enforced([clock], at)}


def _enforced(clocks: Sequence[Clock], at: datetime) -> bool:
    """Do what is due for the clocks, all or nothing; whether it could be done."""
    try:
        with transaction.atomic():
            _enforce(clocks, at)
    except Exception:
        if len(clocks) == 1:
            log.exception("clock_not_enforced", clock=clocks[0].pk)
            # What failed half-way must not be taken for done.
        for clock in clocks:
            clock.refresh_from_db(fields=["breached_at", "next_check_at"])
        return False
    return True


def _enforce(clocks: Sequence[Clock], at: datetime) -> None:
    known = _on_record(clocks)
    findings = [_look(clock, known[clock.pk], at) for clock in clocks]
    _write(clocks)
    Milestone.objects.bulk_create(
        Milestone(clock=found.clock, share=share, at=at) for found in findings for share in found.shares
    )
    append(breach_entry(found.clock, at=at) for found in findings if found.breaks)
    hits = tuple(hit_of(found.clock, found.told) for found in findings if found.told is not None)
    if hits:
        publish(MilestonesReached(hits=hits, at=at))
    announce_tickets([clock.ticket for clock in clocks], what="clock")
    _act(findings, at)


# Many rows in one statement; Django's bulk_update makes a CASE of each and takes longer than all the rest.
_WRITE = """
UPDATE sla_clock SET breached_at = found.breached_at, next_check_at = found.next_check_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS found (id, breached_at, next_check_at)
WHERE sla_clock.id = found.id
"""


def _write(clocks: Sequence[Clock]) -> None:
    columns = [[getattr(clock, name) for clock in clocks] for name in ("pk", "breached_at", "next_check_at")]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, columns)


def _on_record(clocks: Iterable[Clock]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Milestone.objects.filter(clock__in=clocks).values_list("clock", "share")
    for clock_id, share in rows:
        found[clock_id].add(share)
    return found


def _look(clock: Clock, known: set[int], at: datetime) -> Finding:
    """Bring the clock up to `at`. Late past several milestones, the weightiest is told."""
    rules = rules_of(clock.policy_version_id)
    reading = reading_of(clock)
    passed = arithmetic.reached(reading, at=at, shares=rules.shares(clock.metric))
    shares = [share for share in passed if share not in known]
    judged = arithmetic.judge(reading, at=at)
    again = arithmetic.repeated(judged, at=at) if rules.repeats else None
    if again is not None and again not in known and again not in shares:
        shares.append(again)
    clock.breached_at = judged.breached_at
    clock.next_check_at = next_check_of(clock, judged, known | set(shares))
    told = BREACH if BREACH in shares else max(shares, default=None)
    return Finding(clock, shares, told)


def _act(findings: Sequence[Finding], at: datetime) -> None:
    """What policies want done beside telling: rare, and through the services of tickets, one by one."""
    for found in findings:
        rules = rules_of(found.clock.policy_version_id)
        for share in found.shares:
            action = rules.told_at(found.clock.metric, share).action
            if action:
                escalate(ticket_id=found.clock.ticket_id, action=action, share=share, at=at)
