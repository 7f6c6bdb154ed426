"""What happened between the events of an incident. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from imports.events import Event
from imports.records import Change
from tickets.vocabulary import Status

# Moves our own table has a name for, by the status they lead to.
_MOVES = {
    Status.WAITING_CUSTOMER: "wait_customer",
    Status.WAITING_VENDOR: "wait_vendor",
    Status.RESOLVED: "resolve",
    Status.CLOSED: "close",
}
_WAITING = {Status.WAITING_CUSTOMER, Status.WAITING_VENDOR}
_DONE = {Status.RESOLVED, Status.CLOSED}


def changes_of(events: Sequence[Event]) -> tuple[Change, ...]:
    """The rows of history: each change of status, team, engineer and tier, at its own instant."""
    found: list[Change] = []
    status, team, engineer, tier = Status.NEW, events[0].team, None, events[0].tier
    for event in events:
        by = {"by": event.by} if event.by else {}
        if event.team and event.team != team:
            found.append(Change(event.at, "hand_over" if team else "imported", "team", team, event.team, by))
            team = event.team
        if event.engineer and event.engineer != engineer:
            found.append(Change(event.at, "assign", "assignee", engineer, event.engineer, by))
            engineer = event.engineer
        if event.tier != tier:
            found.append(Change(event.at, "set_tier", "tier", tier, event.tier, by))
            tier = event.tier
        if event.status != status:
            move = _move(status, event.status)
            found.append(Change(event.at, move, "status", status, event.status, {"state": event.state, **by}))
            status = event.status
    return tuple(found)


def _move(old: Status, new: Status) -> str:
    if old in _DONE and new not in _DONE:
        return "reopen"
    if new == Status.IN_PROGRESS:
        return "resume" if old in _WAITING else "start"
    return _MOVES.get(new, "imported")


def handovers(events: Sequence[Event]) -> int:
    """How often the incident went from one known group to another; unknown ones in between do not count."""
    groups = [event.team for event in events if event.team]
    return sum(before != after for before, after in pairwise(groups))


def first_response(events: Sequence[Event]) -> datetime | None:
    """The first event whose state is not New; one logged before the opening counts as at it."""
    first = next((event for event in events if event.status != Status.NEW), None)
    return max(first.at, events[-1].opened_at) if first else None


def paused(events: Sequence[Event], *, until: datetime | None) -> tuple[timedelta, datetime | None]:
    """How long the customer was waited for up to `until`, and since when that goes on still (None: not)."""
    total, since = timedelta(0), None
    for event in events:
        waiting = event.status == Status.WAITING_CUSTOMER
        at = max(event.at, events[-1].opened_at)
        if waiting and since is None:
            since = at
        elif not waiting and since is not None:
            total += max(timedelta(0), (min(at, until) if until else at) - since)
            since = None
    if since is not None and until is not None:
        total, since = total + max(timedelta(0), until - since), None
    return total, since
