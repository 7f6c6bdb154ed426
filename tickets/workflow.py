"""The life of a ticket as one table: which action leads from which status to which, who may, what it needs.

Buttons, board columns, API, jobs and the transition service all ask this table. Pure: no ORM, no clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.vocabulary import OPEN, Status


class Party(StrEnum):
    """In what capacity somebody acts on a ticket."""

    REQUESTER = "requester"
    AGENT = "agent"
    LEAD = "lead"
    SYSTEM = "system"


@dataclass(frozen=True)
class Action:
    """One row of the table.

    `moves` maps the statuses it leads from to those it leads to (the same one: only something else changes);
    `requires` names the inputs that must not be empty, `accepts` those that may be given besides.
    """

    code: str
    label: Promise
    moves: Mapping[Status, Status]
    parties: frozenset[Party]
    requires: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()


_STAFF = frozenset({Party.AGENT, Party.LEAD})
_ALL = frozenset({Party.REQUESTER, *_STAFF})
_WAITING = (Status.WAITING_CUSTOMER, Status.WAITING_VENDOR)


def _each(statuses: Iterable[Status], to: Status) -> dict[Status, Status]:
    return dict.fromkeys(statuses, to)


def _staying(statuses: Iterable[Status]) -> dict[Status, Status]:
    return {status: status for status in statuses}


_TABLE = (
    Action(
        "take",
        _("Take it"),
        {
            **_each((Status.NEW, Status.ASSIGNED), Status.IN_PROGRESS),
            **_staying((Status.IN_PROGRESS, *_WAITING)),
        },
        _STAFF,
    ),
    Action(
        "assign",
        _("Assign"),
        {**_staying(OPEN), Status.NEW: Status.ASSIGNED},
        _STAFF | {Party.SYSTEM},
        requires=("assignee",),
        accepts=("note",),
    ),
    Action("start", _("Start work"), {Status.ASSIGNED: Status.IN_PROGRESS}, _STAFF),
    Action(
        "hand_over",
        _("Hand over to another team"),
        _each(OPEN, Status.ASSIGNED),
        _STAFF,
        requires=("team",),
        accepts=("note",),
    ),
    Action(
        "wait_customer", _("Wait for the customer"), {Status.IN_PROGRESS: Status.WAITING_CUSTOMER}, _STAFF
    ),
    Action(
        "wait_vendor",
        _("Wait for the vendor"),
        {Status.IN_PROGRESS: Status.WAITING_VENDOR},
        _STAFF,
        accepts=("note",),
    ),
    Action("resume", _("Go on"), _each(_WAITING, Status.IN_PROGRESS), _STAFF | {Party.SYSTEM}),
    Action(
        "resolve",
        _("Resolve"),
        _each((Status.IN_PROGRESS, *_WAITING), Status.RESOLVED),
        _STAFF,
        requires=("resolution",),
    ),
    Action(
        "confirm", _("Confirm it is solved"), {Status.RESOLVED: Status.CLOSED}, frozenset({Party.REQUESTER})
    ),
    Action(
        "reject",
        _("Not solved yet"),
        {Status.RESOLVED: Status.IN_PROGRESS},
        frozenset({Party.REQUESTER, Party.SYSTEM}),
        requires=("reason",),
    ),
    Action(
        "reopen",
        _("Reopen"),
        _each((Status.RESOLVED, Status.CLOSED), Status.IN_PROGRESS),
        _STAFF | {Party.SYSTEM},
        requires=("reason",),
    ),
    Action("close", _("Close"), {Status.RESOLVED: Status.CLOSED}, frozenset({Party.LEAD, Party.SYSTEM})),
    Action("cancel", _("Cancel the ticket"), _each(OPEN, Status.CANCELLED), _ALL, accepts=("reason",)),
    Action(
        "merge",
        _("Merge into another ticket"),
        _each((*OPEN, Status.RESOLVED), Status.MERGED),
        _STAFF,
        requires=("into",),
    ),
    Action(
        "set_tier",
        _("Change the tier"),
        _staying(OPEN),
        _STAFF | {Party.SYSTEM},
        requires=("tier",),
        accepts=("note",),
    ),
)
ACTIONS: Mapping[str, Action] = {action.code: action for action in _TABLE}
# Left to right as on the board.
BOARD_COLUMNS = (
    Status.NEW,
    Status.ASSIGNED,
    Status.IN_PROGRESS,
    Status.WAITING_CUSTOMER,
    Status.WAITING_VENDOR,
    Status.RESOLVED,
)


def target(action: str, status: str) -> Status | None:
    """Where `action` leads from `status`; None when it does not lead from there or does not exist."""
    found = ACTIONS.get(action)
    return found.moves.get(Status(status)) if found else None


def available(status: str, parties: Iterable[Party]) -> list[Action]:
    """The actions somebody acting as one of `parties` may take from `status`, in the table's order."""
    capacity = frozenset(parties)
    return [action for action in _TABLE if Status(status) in action.moves and action.parties & capacity]


def leading(source: str, to: str, parties: Iterable[Party]) -> Action | None:
    """The action a drop from column `source` onto column `to` means, or None when none leads there.

    Where several lead there, the one that changes least beside the status is meant (`start` keeps the
    assignee, `take` does not).
    """
    found = [action for action in available(source, parties) if action.moves[Status(source)] == to != source]
    order = ("start", "take", "assign", "resume")
    found.sort(key=lambda action: order.index(action.code) if action.code in order else len(order))
    return found[0] if found else None
