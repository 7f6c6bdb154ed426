"""The lanes of one board: which there are, in what order, under what name, and which come with their cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from tickets.laning import MOST, NONE, OTHERS, Laning, fullest
from tickets.selectors import Tally
from tickets.views.faces import Face
from tickets.vocabulary import Lanes, Tier
from tickets.workflow import BOARD_COLUMNS

# How many cards come with a page at first; the lanes after that fetch theirs when somebody comes to them.
AT_FIRST = 120
# The browser's word on what its reader has folded: `assignee-7.tier-urgent`.
FOLDED_COOKIE = "desk_folded"


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
class Load:
    """How many tickets somebody holds in a column with a limit, under the name of that number on the page."""

    name: str
    column: str
    count: int
    limit: int

    @property
    def full(self) -> bool:
        """As much as one person should hold, or more."""
        return self.count >= self.limit


@dataclass(frozen=True)
class Lane:
    """A row of cells: one tier's, one person's, one product's, or the only one; none where nothing stands in them.

    `waits` tells that its cards are still to be fetched (the list at `rest` has them), `takes` that a card of another
    lane may be put into it.
    """

    key: str
    by: str
    label: str
    count: int
    cells: Sequence[Cell]
    waits: bool
    rest: str
    folded: bool
    takes: bool
    loads: Sequence[Load]
    person: User | None = None

    @property
    def tier(self) -> str:
        """The tier's code, by the name the tier's component asks a ticket for."""
        return self.key

    @property
    def get_tier_display(self) -> str:
        """The tier in words, by the name the tier's component asks a ticket for."""
        return self.label


class BoardLanes:
    """The lanes of a board of which `tallies` is known. `colleagues` is asked for who works in the teams looked at."""

    def __init__(
        self,
        by: str,
        user: User,
        tallies: Sequence[Tally],
        colleagues: Callable[[], Sequence[User]],
        *,
        folded: str = "",
    ) -> None:
        self.by = by
        self.user = user
        self._colleagues = colleagues
        self._folded = set(folded.split("."))
        self._cells: Counter[tuple[str, str]] = Counter()
        for tally in tallies:
            self._cells[tally.lane, tally.status] += tally.count

    @cached_property
    def held(self) -> Counter[str]:
        """How many tickets each lane would hold if every one had its own."""
        held: Counter[str] = Counter()
        for (lane, _status), count in self._cells.items():
            held[lane] += count
        return held

    @cached_property
    def laning(self) -> Laning:
        """The lanes there are, from top to bottom, empty ones last. No query without lanes, or with tiers."""
        if not self.by:
            return Laning()
        if self.by == Lanes.TIER:
            return Laning(self.by, tuple(Tier.values))
        named = sorted(
            self._named,
            key=lambda key: (
                key != str(self.user.pk),
                not self.held[key],
                self._named[key].casefold(),
                int(key),
            ),
        )
        nobodys = [NONE] if self.by == Lanes.ASSIGNEE or self.held[NONE] else []
        keys = [*nobodys, *named] if self.by == Lanes.ASSIGNEE else [*named, *nobodys]
        left_out = any(key not in keys for key, count in self.held.items() if count)
        return Laning(self.by, (*keys, *([OTHERS] if left_out else [])))

    @cached_property
    def people(self) -> Mapping[str, User]:
        """Who has a lane: who holds the most, and of the teams looked at who holds nothing, as far as there is room."""
        keys = fullest(self.held)
        known = {str(person.pk): person for person in self._colleagues()}
        missing = [int(key) for key in keys if key not in known]
        held = known | {str(pk): person for pk, person in User.objects.in_bulk(missing).items()}
        idle = [key for key in known if key not in keys]
        return {key: held[key] for key in [*keys, *idle][:MOST]}

    @cached_property
    def _named(self) -> Mapping[str, str]:
        """The names of the lanes that stand for a person or a product, by their keys. One query."""
        if self.by == Lanes.ASSIGNEE:
            return {key: person.name for key, person in self.people.items()}
        return {key: product.name for key, product in self.products.items()}

    @cached_property
    def products(self) -> Mapping[str, Product]:
        """The products with the most tickets. One query."""
        return {
            str(pk): found
            for pk, found in Product.objects.in_bulk([int(k) for k in fullest(self.held)]).items()
        }

    @cached_property
    def _counts(self) -> Counter[tuple[str, str]]:
        """How many tickets each cell of the lanes there are holds."""
        counts: Counter[tuple[str, str]] = Counter()
        for (lane, status), count in self._cells.items():
            counts[self.laning.key(lane), status] += count
        return counts

    def count(self, key: str, *columns: str) -> int:
        """How many tickets a lane holds, in all columns or in some."""
        return sum(self._counts[key, status] for status in columns or BOARD_COLUMNS)

    def is_folded(self, key: str) -> bool:
        """What holds nothing stands there as its head alone, and what the reader has folded in this browser."""
        return bool(self.by) and (not self.count(key) or f"{self.by}-{key}" in self._folded)

    def come_at_once(self, depth: int) -> list[str]:
        """The lanes whose cards come with the page: the first ones not folded, until there are enough cards."""
        chosen: list[str] = []
        cards = 0
        for key in self.laning.keys:
            if self.is_folded(key):
                continue
            if chosen and cards >= AT_FIRST:
                break
            chosen.append(key)
            cards += sum(min(depth, self._counts[key, status]) for status in BOARD_COLUMNS)
        return chosen

    def label(self, key: str) -> str:
        """The name of a lane."""
        if key == NONE:
            return _("Nobody yet") if self.by == Lanes.ASSIGNEE else _("No product")
        if key == OTHERS:
            return _("Others")
        return str(Tier(key).label) if self.by == Lanes.TIER else self._named.get(key, "")

    def takes(self, key: str) -> bool:
        """Whether a card may be carried into it from another lane: nobody is nobody to give it to."""
        return bool(self.by) and key != OTHERS and (self.by, key) != (Lanes.ASSIGNEE, NONE)

    def parameters(self, key: str) -> dict[str, str]:
        """What the list is asked for to show the lane, as far as it can be."""
        if self.by == Lanes.PRODUCT:
            return {"product": self.products[key].code} if key in self.products else {}
        return {self.by: key} if self.by and key != OTHERS else {}
