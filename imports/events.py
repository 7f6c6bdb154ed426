"""One row of a ServiceNow incident log, checked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from common.text import clean_line
from imports.reading import Row
from tickets.vocabulary import Status, Tier

Choice = TypeVar("Choice")

UNKNOWN = "?"
NO_STATE = "-100"
MOMENT = "%d/%m/%Y %H:%M"
_COLUMNS = (
    "number incident_state sys_mod_count reopen_count made_sla caller_id opened_at sys_updated_by "
    "sys_updated_at contact_type location category subcategory u_symptom priority assignment_group "
    "assigned_to closed_code resolved_by resolved_at closed_at"
)
COLUMNS = frozenset(_COLUMNS.split())
TIERS = {"1": Tier.URGENT, "2": Tier.URGENT, "3": Tier.GENERAL, "4": Tier.CONSULTATION}
VERDICTS = {"true": True, "false": False}
# Waiting for a problem to be solved elsewhere is the vendor's time, for evidence the customer's.
STATES = {
    "New": Status.NEW,
    "Active": Status.IN_PROGRESS,
    "Awaiting User Info": Status.WAITING_CUSTOMER,
    "Awaiting Evidence": Status.WAITING_CUSTOMER,
    "Awaiting Vendor": Status.WAITING_VENDOR,
    "Awaiting Problem": Status.WAITING_VENDOR,
    "Resolved": Status.RESOLVED,
    "Closed": Status.CLOSED,
}


class BadRow(Exception):
    """A row says something that cannot be; the message says what."""


class WithoutState(Exception):
    """A row whose state is the source's filler: it tells nothing and is dropped."""


@dataclass(frozen=True, slots=True)
class Event:
    """One checked row: what the log says of an incident at one moment. None is unknown."""

    line: int
    number: str
    state: str
    status: Status
    at: datetime
    by: str | None
    mod_count: int
    reopen_count: int
    tier: Tier
    met: bool
    team: str | None
    engineer: str | None
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    cells: Mapping[str, str]

    def known(self, column: str) -> str | None:
        """What the log says in a column, on one line; None when it does not know."""
        return _known(self.cells[column])


def event_of(row: Row) -> Event:
    """A row as an event. Raises WithoutState for the filler state, BadRow for what cannot be."""
    cells = row.cells
    if cells["incident_state"] == NO_STATE:
        raise WithoutState
    if not _known(cells["number"]) or len(cells["number"]) > 80:
        raise BadRow(f"no usable number {cells['number'][:80]!r}")
    return Event(
        line=row.line,
        number=cells["number"],
        state=cells["incident_state"],
        status=_chosen(cells, "incident_state", STATES, cells["incident_state"]),
        at=_needed_moment(cells, "sys_updated_at"),
        by=_known(cells["sys_updated_by"]),
        mod_count=_count(cells, "sys_mod_count"),
        reopen_count=_count(cells, "reopen_count"),
        tier=_chosen(cells, "priority", TIERS, cells["priority"][:1]),
        met=_chosen(cells, "made_sla", VERDICTS, cells["made_sla"].lower()),
        team=_known(cells["assignment_group"]),
        engineer=_known(cells["assigned_to"]),
        opened_at=_needed_moment(cells, "opened_at"),
        resolved_at=_moment(cells, "resolved_at"),
        closed_at=_moment(cells, "closed_at"),
        cells=cells,
    )


# Names and moments recur by the thousand.
@lru_cache(maxsize=65_536)
def _known(text: str) -> str | None:
    cleaned = clean_line(text)[:80]
    return None if cleaned in {"", UNKNOWN} else cleaned


def _moment(cells: dict[str, str], column: str) -> datetime | None:
    if _known(cells[column]) is None:
        return None
    try:
        return _parsed(cells[column])
    except ValueError as error:
        raise BadRow(f"{column} {cells[column]!r} is no moment") from error


@lru_cache(maxsize=65_536)
def _parsed(text: str) -> datetime:
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)


def _needed_moment(cells: dict[str, str], column: str) -> datetime:
    found = _moment(cells, column)
    if found is None:
        raise BadRow(f"{column} is unknown")
    return found


def _count(cells: dict[str, str], column: str) -> int:
    if not (cells[column].isascii() and cells[column].isdigit()):
        raise BadRow(f"{column} {cells[column]!r} is no count")
    return int(cells[column])


def _chosen(cells: dict[str, str], column: str, choices: Mapping[str, Choice], key: str) -> Choice:
    if key not in choices:
        raise BadRow(f"unknown {column} {cells[column]!r}")
    return choices[key]
