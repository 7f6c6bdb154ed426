"""What the rows of a ServiceNow incident log mean. Pure: events in, records out.

An incident's events are in the order of `sys_mod_count`, then of their lines: many share a minute. Its facts
are those of the last one.
"""

from collections.abc import Iterable, Sequence

from imports.events import Event
from imports.history import changes_of, first_response, handovers, paused
from imports.records import TicketRecord
from tickets.models.ticket import SUBJECT_LENGTH, Channel
from tickets.vocabulary import Status

UNKNOWN_CALLER = "Unknown caller"
CHANNELS = {"Phone": Channel.PHONE, "IVR": Channel.PHONE, "Email": Channel.EMAIL}
DESCRIBED = (
    ("Category", "category"),
    ("Subcategory", "subcategory"),
    ("Symptom", "u_symptom"),
    ("Location", "location"),
    ("Contact", "contact_type"),
)


def incidents(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each incident, in order; incidents as they first appear."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.number, []).append(event)
    for of_one in found.values():
        of_one.sort(key=lambda event: (event.mod_count, event.line))
    return found


def record_of(events: Sequence[Event]) -> TicketRecord:
    """One incident as a ticket, from its events in order."""
    last, first = events[-1], events[0]
    status = _status(last)
    closed_at = last.closed_at or (last.at if status == Status.CLOSED else None)
    ended_at = last.resolved_at or closed_at
    paused_for, paused_at = paused(events, until=ended_at)
    moves = handovers(events)
    team = _last_known(events, "team")
    return TicketRecord(
        ref=last.number,
        subject=_subject(last),
        description=_description(last),
        requester=last.known("caller_id") or _first_known_caller(events),
        channel=CHANNELS.get(last.known("contact_type") or "", Channel.WEB),
        tier=last.tier,
        first_tier=first.tier,
        status=status,
        opened_at=last.opened_at,
        updated_at=max(filter(None, (last.at, last.opened_at, last.resolved_at, closed_at))),
        engineer=_last_known(events, "engineer"),
        team=team,
        first_team=first.team,
        category=last.known("category"),
        tags=(last.cells["location"][:30],) if last.known("location") else (),
        first_responded_at=first_response(events),
        resolved_at=last.resolved_at,
        resolved_by=last.known("resolved_by") if last.resolved_at else None,
        closed_at=closed_at,
        resolution=(last.known("closed_code") or "Resolved") if last.resolved_at else "",
        first_contact=_first_contact(events, moves) if team and last.resolved_at else None,
        handovers=moves,
        met=last.met if ended_at else None,
        paused_for=paused_for,
        paused_at=paused_at,
        changes=changes_of(events),
    )


def _first_contact(events: Sequence[Event], moves: int) -> bool:
    return moves == 0 and max(event.reopen_count for event in events) == 0


def _status(last: Event) -> Status:
    """Where the ticket stands: told by the facts of the incident, then by its last state."""
    if last.closed_at:
        return Status.CLOSED
    if last.resolved_at:
        return Status.CLOSED if last.status == Status.CLOSED else Status.RESOLVED
    if last.status in {Status.RESOLVED, Status.CLOSED}:
        return Status.CLOSED
    if last.status == Status.NEW and last.engineer:
        return Status.ASSIGNED
    return last.status


def _last_known(events: Sequence[Event], name: str) -> str | None:
    known = (getattr(event, name) for event in reversed(events))
    return next((value for value in known if value), None)


def _first_known_caller(events: Sequence[Event]) -> str:
    return next((name for event in events if (name := event.known("caller_id"))), UNKNOWN_CALLER)


def _subject(last: Event) -> str:
    about = [last.known("category"), last.known("subcategory"), last.known("u_symptom")]
    text = " · ".join(part for part in about if part)
    return f"{last.number} {text}".strip()[:SUBJECT_LENGTH]


def _description(last: Event) -> str:
    lines = [f"- {label}: {last.known(column)}" for label, column in DESCRIBED if last.known(column)]
    return "\n".join([f"Incident {last.number}", "", *lines])
