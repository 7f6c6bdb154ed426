"""Writing records of any source as tickets with their whole past.

An import writes what has already happened elsewhere: no event is published, so nobody is told and no mail goes
out. A batch is one transaction; a ticket that is already here is passed over, so a second run adds nothing and
one that was cut off is taken up where it ended.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Role
from common import search
from imports.clocks import Targets, clocks_of
from imports.people import categories, people, teams
from imports.records import Change, TicketRecord
from sla.base import STANDARD
from sla.models import Clock, Target
from sla.vocabulary import ClockState
from tickets.models import HistoryEntry, Resolution, Ticket
from tickets.vocabulary import OPEN, Status

BATCH = 500


@dataclass(frozen=True)
class Names:
    """Ids by the names a source gives."""

    requesters: dict[str, int]
    engineers: dict[str, int]
    teams: dict[str, int]
    categories: dict[str, int]


@dataclass
class Written:
    """What a run did: tickets added, and those that were here already."""

    added: int = 0
    known: int = 0


def write(
    records: Iterable[TicketRecord], *, source: str, at: datetime, progress: Callable[[int], object]
) -> Written:
    """Write `records` of `source`, seen from the instant `at`; `progress` is told how many are done each time."""
    standard = Target.objects.filter(policy__code=STANDARD)
    targets = {(target.metric, target.tier): target.within for target in standard}
    done = Written()
    for batch in _batches(records):
        added = _write_batch(batch, source, targets, at)
        done.added += added
        done.known += len(batch) - added
        progress(len(batch))
    return done


def _batches(records: Iterable[TicketRecord]) -> Iterable[list[TicketRecord]]:
    batch: list[TicketRecord] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@transaction.atomic
def _write_batch(batch: Sequence[TicketRecord], source: str, targets: Targets, at: datetime) -> int:
    refs = [record.ref for record in batch]
    here = set(Ticket.objects.filter(source=source, source_ref__in=refs).values_list("source_ref", flat=True))
    fresh = [record for record in batch if record.ref not in here]
    if not fresh:
        return 0
    names = _names(source, fresh)
    tickets = Ticket.objects.bulk_create([_ticket(record, source, names) for record in fresh])
    written = list(zip(tickets, fresh, strict=True))
    Resolution.objects.bulk_create(
        [
            _resolution(ticket, record, record.resolved_at, names)
            for ticket, record in written
            if record.resolved_at
        ]
    )
    clocks = [clock for ticket, record in written for clock in clocks_of(ticket, record, targets, at=at)]
    Clock.objects.bulk_create(clocks)
    _keep_board_order(clocks)
    HistoryEntry.objects.bulk_create(
        [entry for ticket, record in written for entry in _history(ticket, record, names)], batch_size=2000
    )
    return len(fresh)


def _names(source: str, records: Sequence[TicketRecord]) -> Names:
    changed = [change for record in records for change in record.changes]
    return Names(
        requesters=people(source, (record.requester for record in records), role=Role.CUSTOMER),
        engineers=people(
            source,
            _named(
                [name for record in records for name in (record.engineer, record.resolved_by)],
                changed,
                "assignee",
            ),
            role=Role.ENGINEER,
        ),
        teams=teams(
            source,
            _named([t for record in records for t in (record.team, record.first_team)], changed, "team"),
        ),
        categories=categories(source, [record.category for record in records if record.category]),
    )


def _named(names: Iterable[str | None], changes: Iterable[Change], field: str) -> set[str]:
    found = set(names)
    for change in changes:
        if change.field == field:
            found |= {change.old, change.new}
    return {name for name in found if name}


def _id(ids: dict[str, int], name: str | None) -> int | None:
    return ids[name] if name else None


def _ticket(record: TicketRecord, source: str, names: Names) -> Ticket:
    return Ticket(
        subject=record.subject,
        description=record.description,
        requester_id=names.requesters[record.requester],
        category_id=_id(names.categories, record.category),
        tier=record.tier,
        tier_reasons=["imported"],
        status=record.status,
        team_id=_id(names.teams, record.team),
        assignee_id=None if record.status == Status.NEW else _id(names.engineers, record.engineer),
        channel=record.channel,
        tags=list(record.tags),
        created_at=record.opened_at,
        updated_at=record.updated_at,
        cycle_started_at=record.opened_at,
        first_responded_at=record.first_responded_at,
        resolved_at=None if record.status in OPEN else record.resolved_at,
        closed_at=None if record.status in {*OPEN, Status.RESOLVED} else record.closed_at,
        resolution=record.resolution,
        handovers=record.handovers,
        source=source,
        source_ref=record.ref,
        search=search.document({"A": f"{record.subject} {record.ref}", "B": record.description}),
    )


def _resolution(ticket: Ticket, record: TicketRecord, resolved_at: datetime, names: Names) -> Resolution:
    return Resolution(
        ticket=ticket,
        cycle=1,
        started_at=record.opened_at,
        resolved_at=resolved_at,
        resolved_by_id=_id(names.engineers, record.resolved_by),
        team_id=_id(names.teams, record.team),
        first_contact=record.first_contact,
    )


def _keep_board_order(clocks: Sequence[Clock]) -> None:
    """The earliest due moment of a running clock stands on the ticket."""
    first: dict[int, Clock] = {}
    for clock in clocks:
        if clock.state != ClockState.RUNNING:
            continue
        known = first.get(clock.ticket_id)
        if known is None or clock.due_at < known.due_at:
            first[clock.ticket_id] = clock
    for ticket_id, clock in first.items():
        Ticket.objects.filter(pk=ticket_id).update(next_due_at=clock.due_at)


def _history(ticket: Ticket, record: TicketRecord, names: Names) -> list[HistoryEntry]:
    opened = HistoryEntry(
        ticket=ticket,
        at=record.opened_at,
        event="opened",
        field="tier",
        new=record.first_tier or record.tier,
        data={
            "reasons": ["imported"],
            "channel": record.channel,
            "team": _id(names.teams, record.first_team),
        },
    )
    return [opened, *(_entry(ticket, change, names) for change in record.changes)]


def _entry(ticket: Ticket, change: Change, names: Names) -> HistoryEntry:
    return HistoryEntry(
        ticket=ticket,
        at=change.at,
        event=change.event,
        field=change.field,
        old=_value(change.field, change.old, names),
        new=_value(change.field, change.new, names),
        data=change.data,
    )


def _value(field: str, name: str | None, names: Names) -> Any:
    """History stores ids of people and teams, codes of all else."""
    if field == "assignee":
        return _id(names.engineers, name)
    return _id(names.teams, name) if field == "team" else name
