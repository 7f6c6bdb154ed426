"""Open clocks follow what decides about them: the ticket's tier, its organisation, an edited policy or calendar."""

from collections.abc import Sequence
from datetime import datetime

from sla import clock as arithmetic
from sla.clock import Reading
from sla.models import Clock
from sla.rulebook import Terms
from sla.services.keeping import open_clocks, reading_of, refresh_next_due, store
from sla.services.rules import Rulebook, calendar_of, facts_of
from sla.vocabulary import BREACH, ClockState
from tickets.models import Ticket
from tickets.services.history import record


def follow(*, ticket: Ticket, at: datetime, why: str, rulebook: Rulebook | None = None) -> int:
    """Aim the ticket's open clocks at what is promised now; how many have another promise.

    Called while the ticket's row is locked. `why` is a code for the history: `tier`, `organisation`, `rules`. A
    metric for which nothing is promised any more keeps the promise it has: what was given is not taken back.
    """
    rulebook = rulebook or Rulebook(writing=True)
    facts = facts_of(ticket)
    changed = 0
    for clock in open_clocks(ticket.pk):
        terms = rulebook.terms(facts, clock.metric)
        if terms is not None:
            changed += _aim(clock, ticket, terms, rulebook, at, why)
    if changed:
        refresh_next_due(ticket.pk)
    return changed


def _aim(clock: Clock, ticket: Ticket, terms: Terms, rulebook: Rulebook, at: datetime, why: str) -> bool:
    """Whether the clock has a new promise: one that is broken keeps the promise it broke."""
    calendar_version = rulebook.calendar_version(terms)
    before = reading_of(clock)
    same_time = clock.within == terms.promised.within and calendar_of(
        clock.calendar_version_id
    ) == calendar_of(calendar_version)
    if same_time:
        _adopt(clock, ticket, terms, calendar_version, at)
        return False
    pauses = _pauses(clock, before)
    reading = arithmetic.retarget(
        before,
        within=terms.promised.within,
        at=at,
        calendar=calendar_of(calendar_version),
        pauses=pauses,
        grace=terms.rules.grace,
    )
    if reading.breached_at is not None:
        store(clock, reading, at=at)
        return False
    clock.tier = ticket.tier
    clock.policy_version_id, clock.calendar_version_id = terms.rules.version, calendar_version
    # The warnings of the old promise say nothing about the new one.
    clock.milestones.exclude(share=BREACH).delete()
    store(clock, reading, at=at)
    _tell(clock, before, reading, at, why)
    return True


def _adopt(clock: Clock, ticket: Ticket, terms: Terms, calendar_version: int, at: datetime) -> None:
    """The moments stay; who is told and what it is counted as may be another matter, unless it is broken by `at`."""
    new = (ticket.tier, terms.rules.version, calendar_version)
    if (clock.tier, clock.policy_version_id, clock.calendar_version_id) == new:
        return
    reading = reading_of(clock)
    if clock.state == ClockState.RUNNING:
        reading = arithmetic.judge(reading, at=at)
    if reading.breached_at is None:
        clock.tier, clock.policy_version_id, clock.calendar_version_id = new
    store(clock, reading, at=at)


def _pauses(clock: Clock, reading: Reading) -> Sequence[tuple[datetime, datetime]]:
    if not reading.paused_for:
        return ()
    waits = clock.waits.filter(pauses=True)
    return [(wait.started_at, wait.ended_at) for wait in waits if wait.ended_at is not None]


def _tell(clock: Clock, before: Reading, after: Reading, at: datetime, why: str) -> None:
    record(
        ticket=clock.ticket,
        at=at,
        actor=None,
        event="clock_retargeted",
        field=clock.metric,
        old=before.due_at.isoformat(),
        new=after.due_at.isoformat(),
        data={
            "tier": clock.tier,
            "cycle": clock.cycle,
            "grace": after.allowed != after.within,
            "why": why,
            "within": after.within.total_seconds(),
        },
    )
