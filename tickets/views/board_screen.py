"""What the board's templates show: heads and cells, cards, and the numbers around them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Team, User
from common.errors import InvalidInput
from tickets import choices, selectors
from tickets.cursors import DueCursor
from tickets.models import Ticket
from tickets.selectors import Tally
from tickets.views.faces import Face, Faces
from tickets.views.filtering import Look, Option, hidden_fields, is_narrowed, look_at, menus, saving, tabs
from tickets.vocabulary import OPEN, Status, Tier
from tickets.workflow import BOARD_COLUMNS

SOON = timedelta(hours=2)
DEEPEST = 500
# What a cell shows at first: a screen and two more. Further cards come by fifties as somebody scrolls to them.
FIRST_CARDS = 20
JUST_NOW = timedelta(minutes=1)
# How many tickets one engineer should hold in a column at a time.
AT_MOST_EACH = {Status.ASSIGNED: 8, Status.IN_PROGRESS: 5}
FIRST_SHOWN = Status.IN_PROGRESS


@dataclass(frozen=True)
class Head:
    """The head of a column, and its tab on a phone, where one column is shown at a time."""

    status: str
    label: str
    count: int
    limit: int | None
    link: str
    shown: bool

    @property
    def full(self) -> bool:
        """The column holds as much as it should."""
        return self.limit is not None and self.count >= self.limit


@dataclass(frozen=True)
class Cell:
    """The cards of one column in one lane; others wait behind `next`, and in the list at `rest`."""

    status: str
    lane: str
    label: str
    faces: Sequence[Face]
    next: str
    rest: str
    shown: bool


@dataclass(frozen=True)
class Lane:
    """A row of cells: one tier's, or the only one."""

    tier: str
    count: int
    cells: Sequence[Cell]

    @property
    def get_tier_display(self) -> str:
        """The tier in words, by the name the tier's component asks a ticket for."""
        return str(Tier(self.tier).label)


class BoardScreen:
    """The board as one address describes it, for one reader at one moment."""

    def __init__(self, user: User, params: QueryDict, *, at: datetime) -> None:
        self.user = user
        self.at = at
        self.params = params
        self.look: Look = look_at(params, user=user, at=at, besides=("lanes", "column"))
        self.by_tier = params.get("lanes") == "tier"
        self.faces = Faces(user, at=at, by_tier=self.by_tier)
        column = params.get("column", "")
        self.column = column if column in BOARD_COLUMNS else FIRST_SHOWN

    def page(self) -> dict[str, Any]:
        """The whole page."""
        shown = tabs(self.look, self.user, self.numbers)
        return self.columns() | {
            "nav": "board",
            "tabs": shown,
            "saving": saving(self.look, shown, "board"),
            "menus": menus(self.look, self.user, teams=self.teams, people=self.people),
            "hidden_fields": hidden_fields(self.look),
            "lanes_links": [
                Option(_("By tier"), self.look.link(lanes="tier"), self.by_tier),
                Option(_("No lanes"), self.look.link(lanes=""), not self.by_tier),
            ],
        }

    def columns(self) -> dict[str, Any]:
        """The columns and the numbers around them."""
        # The stamp is read first: one that is newer than the cards would hide that they are old.
        stamp = self.stamp
        cells = selectors.board_cells(self.user, self.look.filters, depth=self.depth, by_tier=self.by_tier)
        return {
            "look": self.look,
            "furniture": self.faces.furniture,
            "heads": [self._head(status) for status in BOARD_COLUMNS],
            "lanes": [self._lane(lane, cells) for lane in (Tier.values if self.by_tier else [""])],
            "numbers": self.numbers,
            "is_empty": not any(cells.values()),
            "is_narrowed": is_narrowed(self.look),
            "counts": json.dumps(self.numbers),
            "stamp": stamp,
            "least": self.least,
        }

    def further(self) -> dict[str, Any]:
        """What one cell holds after a cursor. Raises Http404 for a cursor or column that does not exist."""
        status, lane = self.params.get("column", ""), self.params.get("lane", "")
        try:
            after = DueCursor.parse(self.params.get("after", ""))
        except InvalidInput:
            raise Http404 from None
        if after is None or status not in BOARD_COLUMNS or lane not in ("", *Tier.values):
            raise Http404
        page = selectors.board_further(self.user, self.look.filters, status=status, lane=lane, after=after)
        cell = self._cell(status, lane, page.tickets, page.next_cursor)
        return {"cell": cell, "furniture": self.faces.furniture}

    def answer(self, ticket: Ticket, *, mover: bool = False) -> dict[str, Any]:
        """One card as it is now, if this board shows it, and the numbers; with `mover`, who just put it there."""
        found = selectors.card(self.user, ticket.number, self.look.filters)
        by = selectors.last_mover(found, since=self.at - JUST_NOW) if found and mover else None
        return {
            "number": ticket.number,
            "furniture": self.faces.furniture,
            "face": self.faces.of(found) if found else None,
            "mover": by if by != self.user else None,
            "counts": json.dumps(self.numbers),
        }

    @cached_property
    def teams(self) -> list[Team]:
        """The teams whose tickets the reader sees."""
        return choices.teams_of(self.user)

    @cached_property
    def people(self) -> list[User]:
        """Who works in the team looked at, or in all of the reader's."""
        chosen = [team for team in self.teams if team.code == self.look.params.get("team")]
        return choices.colleagues(chosen or self.teams)

    @cached_property
    def tallies(self) -> list[Tally]:
        """What the numbers and the stamp are made of. One query."""
        return selectors.board_tally(self.user, self.look.filters, at=self.at, soon=self.at + SOON)

    @property
    def stamp(self) -> str:
        """The same as long as nothing on the board has changed: an open page need not fetch it again."""
        rows = sorted((t.status, t.tier, t.count, t.versions, t.touched, t.due) for t in self.tallies)
        return md5(repr(rows).encode(), usedforsecurity=False).hexdigest()

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Every number on the page by its name; what is missing is none. One query more."""
        names = ["open", "overdue", "soon", *(f"column-{status}" for status in BOARD_COLUMNS)]
        found: Counter[str] = Counter(dict.fromkeys(names, 0))
        for tally in self.tallies:
            found[f"column-{tally.status}"] += tally.count
            found[f"lane-{tally.tier}"] += tally.count
            found["open"] += tally.count if tally.status in OPEN else 0
            found["overdue"] += tally.overdue
            found["soon"] += tally.due_soon
        views = selectors.count_each(self.user, self.look.narrowed, self.look.conditions)
        return dict(found) | {f"view-{name}": count for name, count in views.items()}

    @property
    def least(self) -> int:
        """How many cards a cell shows at first."""
        return FIRST_CARDS

    @property
    def depth(self) -> int:
        """How many cards a cell shows: as many as an open page had already fetched, in bounds."""
        asked = self.params.get("depth", "")
        depth = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
        return max(self.least, min(DEEPEST, depth))

    def _head(self, status: Status) -> Head:
        return Head(
            status=status,
            label=str(status.label),
            count=self.numbers.get(f"column-{status}", 0),
            limit=self._limit(status),
            link=self.look.link(column=status),
            shown=status == self.column,
        )

    def _limit(self, status: Status) -> int | None:
        """What the people looked at should hold at most; none where a filter leaves out some of their work."""
        if status not in AT_MOST_EACH or self.look.view in {"unassigned", "today"}:
            return None
        if set(self.look.narrowed.given) - {"team", "assignee"}:
            return None
        one = self.look.view == "mine" or "assignee" in self.look.narrowed.given
        return AT_MOST_EACH[status] * (1 if one else len(self.people)) or None

    def _lane(self, lane: str, cells: Mapping[tuple[str, str], list[Ticket]]) -> Lane:
        return Lane(
            tier=lane,
            count=self.numbers.get(f"lane-{lane}", 0),
            cells=[self._first_cell(status, lane, cells[lane, status]) for status in BOARD_COLUMNS],
        )

    def _first_cell(self, status: Status, lane: str, tickets: list[Ticket]) -> Cell:
        # A full cell may have more: one question too many at the end costs less than a count of each.
        full = len(tickets) >= self.depth
        return self._cell(status, lane, tickets, str(DueCursor.of(tickets[-1])) if full else "")

    def _cell(self, status: str, lane: str, tickets: list[Ticket], cursor: str) -> Cell:
        tier = {"tier": lane} if lane else {}
        rest = self.look.link(lanes="", column="", status=status, sort="due", **tier)
        return Cell(
            status=status,
            lane=lane,
            label=str(Status(status).label),
            faces=self.faces.of_all(tickets),
            next=self.look.link(column=status, lane=lane, after=cursor) if cursor else "",
            rest=reverse("tickets") + rest,
            shown=status == self.column,
        )
