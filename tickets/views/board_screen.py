"""What the board's templates show: heads and cells, cards, and the numbers around them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Density, Team, User
from common.errors import InvalidInput
from common.text import whole_number
from tickets import choices, selectors
from tickets.cursors import DueCursor
from tickets.laning import MOST, NONE, OTHERS
from tickets.models import Ticket
from tickets.selectors import Tally
from tickets.views.faces import Faces
from tickets.views.filtering import (
    ABOUT_PEOPLE,
    Look,
    Option,
    hidden_fields,
    is_narrowed,
    look_at,
    menus,
    saving,
    tabs,
)
from tickets.views.lanes import BoardLanes, Cell, Lane, Load
from tickets.vocabulary import OPEN, Lanes, Status
from tickets.workflow import BOARD_COLUMNS

SOON = timedelta(hours=2)
DEEPEST = 500
# What a cell shows at first: a screen and two more. Further cards come by fifties as somebody scrolls to them.
FIRST_CARDS = 20
FIRST_COMPACT = 40
FIRST_IN_LANE = 5
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


def _held(lane: str, status: str) -> str:
    """The name of the number of tickets a person holds in a column."""
    return f"held-{lane}-{status}"


class BoardScreen:
    """The board as one address describes it, for one reader at one moment."""

    def __init__(self, user: User, params: QueryDict, *, at: datetime, folded: str = "") -> None:
        self.user = user
        self.at = at
        self.params = params
        self.look: Look = look_at(params, user=user, at=at, besides=("lanes", "column"))
        by = params.get("lanes", "")
        self.by = by if by in Lanes.values else ""
        self.folded = folded
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
                Option(str(label), self.look.link(lanes=by), by == self.by)
                for by, label in [("", _("None")), *Lanes.choices]
            ],
        }

    def columns(self) -> dict[str, Any]:
        """The columns and the numbers around them."""
        # The stamp is read first: one that is newer than the cards would hide that they are old.
        stamp = self.stamp
        at_once = self.lanes.come_at_once(self.depth)
        cells = selectors.board_cells(
            self.user, self.look.filters, depth=self.depth, laning=self.lanes.laning, lanes=at_once
        )
        return {
            "look": self.look,
            "heads": [self._head(status) for status in BOARD_COLUMNS],
            "lanes": [self._lane(key, cells) for key in self.lanes.laning.keys],
            "by": self.by,
            "more_lanes": OTHERS in self.lanes.laning.keys,
            "most_lanes": MOST,
            "numbers": self.numbers,
            "is_empty": not self.tallies,
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
        laning = self.lanes.laning
        if after is None or status not in BOARD_COLUMNS or lane not in laning.keys:
            raise Http404
        page = selectors.board_further(
            self.user, self.look.filters, status=status, laning=laning, lane=lane, after=after
        )
        cell = self._cell(status, lane, page.tickets, page.next_cursor)
        return {"cell": cell}

    def one_lane(self) -> dict[str, Any]:
        """A lane with its cards, for a page that shows its head alone. Raises Http404 for one there is not."""
        key = self.params.get("lane", "")
        if key not in self.lanes.laning.keys:
            raise Http404
        cells = selectors.board_cells(
            self.user, self.look.filters, depth=self.depth, laning=self.lanes.laning, lanes=[key]
        )
        return {"lane": self._lane(key, cells), "by": self.by}

    def answer(self, ticket: Ticket, *, mover: bool = False) -> dict[str, Any]:
        """One card as it is now, if this board shows it, and the numbers; with `mover`, who just put it there."""
        found = selectors.card(self.user, ticket.number, self.look.filters)
        by = selectors.last_mover(found, since=self.at - JUST_NOW) if found and mover else None
        return {
            "number": ticket.number,
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
        """What the numbers, the lanes and the stamp are made of. One query."""
        return selectors.board_tally(
            self.user, self.look.filters, by=self.by, at=self.at, soon=self.at + SOON
        )

    @cached_property
    def lanes(self) -> BoardLanes:
        """The lanes of this board. Where one person is looked at, nobody else's stands there empty."""
        alone = self.look.view in ABOUT_PEOPLE or "assignee" in self.look.params
        return BoardLanes(
            self.by, self.user, self.tallies, lambda: [] if alone else self.people, folded=self.folded
        )

    @cached_property
    def faces(self) -> Faces:
        """Makes the cards."""
        return Faces(self.user, at=self.at, laning=self.lanes.laning)

    @property
    def stamp(self) -> str:
        """The same as long as nothing on the board has changed: an open page need not fetch it again."""
        rows = sorted((t.status, t.lane, t.count, t.versions, t.touched, t.due) for t in self.tallies)
        return md5(repr(rows).encode(), usedforsecurity=False).hexdigest()

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Every number on the page by its name; what is missing is none. One query more."""
        names = ["open", "overdue", "soon", *(f"column-{status}" for status in BOARD_COLUMNS)]
        found: Counter[str] = Counter(dict.fromkeys(names, 0))
        for tally in self.tallies:
            found[f"column-{tally.status}"] += tally.count
            found[f"lane-{self.lanes.laning.key(tally.lane)}"] += tally.count
            found["open"] += tally.count if tally.status in OPEN else 0
            if self.by == Lanes.ASSIGNEE and tally.status in AT_MOST_EACH:
                found[_held(self.lanes.laning.key(tally.lane), tally.status)] += tally.count
            found["overdue"] += tally.overdue
            found["soon"] += tally.due_soon
        views = selectors.count_each(self.user, self.look.narrowed, self.look.conditions)
        return dict(found) | {f"view-{name}": count for name, count in views.items()}

    @property
    def least(self) -> int:
        """How many cards a cell shows at first; lanes part a column, and what it shows."""
        if self.by:
            return FIRST_IN_LANE
        return FIRST_COMPACT if self.user.density == Density.COMPACT else FIRST_CARDS

    @property
    def depth(self) -> int:
        """How many cards a cell shows: as many as an open page had already fetched, in bounds."""
        depth = whole_number(self.params.get("depth", ""), digits=4) or 0
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
        if status not in AT_MOST_EACH or not self._shows_all_work:
            return None
        one = self.look.view == "mine" or "assignee" in self.look.narrowed.given
        return AT_MOST_EACH[status] * (1 if one else len(self.people)) or None

    @property
    def _shows_all_work(self) -> bool:
        """Whether no filter leaves out some of the work of the people looked at."""
        return self.look.view in {"", "mine"} and not set(self.look.narrowed.given) - {"team", "assignee"}

    def _loads(self, key: str) -> list[Load]:
        """How much the person of a lane holds of what has a limit; nothing of anybody else's lane."""
        if self.by != Lanes.ASSIGNEE or key in {NONE, OTHERS} or not self._shows_all_work:
            return []
        names = {status: _held(key, status) for status in AT_MOST_EACH}
        return [
            Load(name, str(status.label), self.numbers.get(name, 0), AT_MOST_EACH[status])
            for status, name in names.items()
        ]

    def _lane(self, key: str, cells: Mapping[tuple[str, str], list[Ticket]]) -> Lane:
        lanes = self.lanes
        waits = lanes.count(key) > 0 and (key, BOARD_COLUMNS[0]) not in cells
        return Lane(
            key=key,
            by=self.by,
            label=lanes.label(key) if self.by else "",
            count=lanes.count(key),
            cells=[] if waits or (self.by and not lanes.count(key)) else self._first_cells(key, cells),
            waits=waits,
            rest=self._rest(key) if waits else "",
            folded=lanes.is_folded(key),
            takes=lanes.takes(key),
            loads=self._loads(key),
            person=lanes.people.get(key) if self.by == Lanes.ASSIGNEE else None,
        )

    def _first_cells(self, lane: str, cells: Mapping[tuple[str, str], list[Ticket]]) -> list[Cell]:
        return [self._first_cell(status, lane, cells[lane, status]) for status in BOARD_COLUMNS]

    def _first_cell(self, status: Status, lane: str, tickets: list[Ticket]) -> Cell:
        more = bool(tickets) and self.lanes.count(lane, status) > len(tickets)
        return self._cell(status, lane, tickets, str(DueCursor.of(tickets[-1])) if more else "")

    def _cell(self, status: str, lane: str, tickets: list[Ticket], cursor: str) -> Cell:
        return Cell(
            status=status,
            lane=lane,
            label=str(Status(status).label),
            faces=self.faces.of_all(tickets),
            next=self.look.link(column=status, lane=lane, after=cursor) if cursor else "",
            rest=self._rest(lane, status=status) if cursor else "",
            shown=status == self.column,
        )

    def _rest(self, lane: str, **only: str) -> str:
        """The list of what stands in a lane."""
        asked = {"lanes": "", "column": "", "sort": "due", **self.lanes.parameters(lane), **only}
        return reverse("tickets") + self.look.link(**asked)
