"""Reading tickets for screens and API. Each answer takes a fixed number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Extract

from accounts.models import User
from catalog.models import Product
from tickets.cursors import DueCursor
from tickets.filters import Filters
from tickets.laning import COLUMNS, Laning, text_of
from tickets.models import HistoryEntry, Message, Ticket
from tickets.ordering import BY_DUE as BY_DUE_FIRST
from tickets.ordering import ORDERS
from tickets.querysets import TicketQuerySet
from tickets.vocabulary import Lanes, Status
from tickets.workflow import BOARD_COLUMNS

CARDS_PER_COLUMN = 50
PAGE = 50
# What a read loads beside the tickets.
Shape = Callable[[TicketQuerySet], QuerySet[Ticket]]
SHOWN_WITH = ("requester", "organisation", "product", "module", "category", "team", "assignee")
# What no list shows, and what is long.
LONG = ("description", "resolution", "search")
BY_DUE = (F("next_due_at").asc(nulls_last=True), "id")
WITHOUT_LANES = Laning()
# Whose rows a lane is named by, where its key is an id.
ROWS: Mapping[str, Any] = {Lanes.ASSIGNEE: User, Lanes.PRODUCT: Product}


@dataclass(frozen=True)
class Column:
    """One status of the board: how many tickets it has, and the first of them by what falls due first."""

    status: Status
    count: int
    tickets: list[Ticket]

    @property
    def more(self) -> int:
        """How many are not among `tickets`."""
        return self.count - len(self.tickets)


@dataclass(frozen=True)
class Tally:
    """How many tickets of one status and lane the board has; of these past due, and due soon.

    `lane` is the key of what would have a lane of its own, as tickets.laning writes it; empty without lanes.
    `versions`, `touched` and `due` (seconds) add up or top what can change on them.
    """

    status: str
    lane: str
    count: int
    overdue: int
    due_soon: int
    versions: int
    touched: datetime
    due: Decimal | None


@dataclass(frozen=True)
class TicketPage:
    """One page of a list and the cursor of the next; an empty one ends the list."""

    tickets: list[Ticket]
    next_cursor: str


def listed(tickets: TicketQuerySet) -> QuerySet[Ticket]:
    """`tickets` with what a card, a row or an API entry says about them, clocks included."""
    return tickets.select_related(*SHOWN_WITH).defer(*LONG).prefetch_related("clocks")


def as_cards(tickets: TicketQuerySet) -> QuerySet[Ticket]:
    """`tickets` with what a card or a row of a screen says, and `requester_name`.

    Hundreds of cards share a few products, people and organisations: read once each, not joined to every card.
    """
    named = tickets.annotate(requester_name=F("requester__name"))
    return named.defer(*LONG).prefetch_related("clocks", "organisation", "product", "module", "assignee")


# --- the board ------------------------------------------------------------------------------------------


def board_columns(user: User, filters: Filters, *, depth: int = CARDS_PER_COLUMN) -> list[Column]:
    """The board's columns from left to right, as `user` may see them, with their first `depth` tickets.

    Four queries, whatever they hold.
    """
    counts = dict(on_board(user, filters).order_by().values_list("status").annotate(Count("pk")))
    cells = board_cells(user, filters, depth=depth, shape=listed)
    return [Column(status, counts.get(status, 0), cells["", status]) for status in BOARD_COLUMNS]


def on_board(user: User, filters: Filters) -> TicketQuerySet:
    """What the board shows `user` under `filters`."""
    return Ticket.objects.visible_to(user).on_board().filter(filters.condition)


def board_cells(
    user: User,
    filters: Filters,
    *,
    depth: int = CARDS_PER_COLUMN,
    laning: Laning = WITHOUT_LANES,
    lanes: Sequence[str] | None = None,
    shape: Shape = as_cards,
) -> dict[tuple[str, str], list[Ticket]]:
    """The first `depth` tickets of each cell by what falls due first, by lane and status; of `lanes` alone, if given.

    Each cell is a walk of its own along an index. One query more than without lanes, however many there are.
    """
    chosen = on_board(user, filters)
    read = laning.keys if lanes is None else lanes
    found: dict[tuple[str, str], list[Ticket]] = {
        (key, status): [] for key in read for status in BOARD_COLUMNS
    }
    named = [int(key) for key in read if laning.by in ROWS and key.isdigit()]
    walks = [
        _first(chosen.filter(laning.condition(key)), status, depth)
        for key, status in found
        if not key.isdigit()
    ]
    ids = [row["pk"] for row in walks[0].union(*walks[1:], all=True)] if walks else []
    ids += _firsts_of_rows(chosen, laning, named, depth) if named else []
    for ticket in shape(Ticket.objects.filter(pk__in=ids)).order_by(*BY_DUE):
        # One that changed between the reads may stand somewhere else by now.
        found.get((laning.key_of(ticket), ticket.status), []).append(ticket)
    return found


def _first(tickets: TicketQuerySet, status: str, depth: int) -> QuerySet[Any, dict[str, int]]:
    return tickets.filter(status=status).order_by(*BY_DUE).values("pk")[:depth]


def _firsts_of_rows(chosen: TicketQuerySet, laning: Laning, pks: list[int], depth: int) -> list[int]:
    """The ids of what the cells of those people or products begin with: a walk for each, in one statement."""
    mine = chosen.filter(**{laning.by: OuterRef("pk")})
    columns = {f"in_{status}": ArraySubquery(_first(mine, status, depth)) for status in BOARD_COLUMNS}
    rows = ROWS[laning.by].objects.filter(pk__in=pks).order_by().values_list(*columns.values())
    return [pk for row in rows for ids in row for pk in ids]


def board_further(
    user: User,
    filters: Filters,
    *,
    status: str,
    laning: Laning = WITHOUT_LANES,
    lane: str = "",
    after: DueCursor | None,
    size: int = CARDS_PER_COLUMN,
    shape: Shape = as_cards,
) -> TicketPage:
    """What one cell of the board holds after a cursor; from its beginning without one."""
    chosen = on_board(user, filters).filter(laning.condition(lane), status=status)
    return _page_by_due(chosen, after, size, shape)


def board_tally(user: User, filters: Filters, *, by: str = "", at: datetime, soon: datetime) -> list[Tally]:
    """The board in numbers at `at`, by status and lanes of that kind; due soon falls due before `soon`. One query."""
    column = COLUMNS.get(by)
    rows = (
        on_board(user, filters)
        .order_by()
        .values("status", *([column] if column else []))
        .annotate(
            count=Count("pk"),
            overdue=Count("pk", filter=Q(next_due_at__lt=at)),
            due_soon=Count("pk", filter=Q(next_due_at__gte=at, next_due_at__lt=soon)),
            versions=Sum("version"),
            touched=Max("updated_at"),
            due=Sum(Extract("next_due_at", "epoch")),
        )
    )
    return [Tally(lane=text_of(row.pop(column)) if column else "", **row) for row in rows]


def count_each(user: User, filters: Filters, conditions: Mapping[str, Q]) -> dict[str, int]:
    """How many tickets on the board meet each of the named conditions. One query."""
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    return on_board(user, filters).aggregate(**counts)


def card(user: User, number: str, filters: Filters | None = None) -> Ticket | None:
    """The ticket of that number as a card; None when it is not on the board `user` looks at."""
    chosen = on_board(user, filters or Filters()).numbered(number)
    return as_cards(chosen).first()


def last_mover(ticket: Ticket, *, since: datetime) -> User | None:
    """Who put the ticket where it is, if somebody did after `since`. One query."""
    moves = ticket.history.filter(field="status", at__gt=since).select_related("actor")
    move = moves.order_by("-at", "-id").first()
    return move.actor if move else None


# --- the list -------------------------------------------------------------------------------------------


def ticket_list(
    user: User,
    filters: Filters,
    *,
    before: int | None = None,
    size: int = PAGE,
    shape: Shape = listed,
) -> TicketPage:
    """A page of the tickets `user` may see, newest first, below the cursor `before`."""
    chosen = shape(Ticket.objects.visible_to(user).filter(filters.condition)).order_by("-pk")
    if before is not None:
        chosen = chosen.filter(pk__lt=before)
    found = list(chosen[: size + 1])
    return TicketPage(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def ticket_page(
    user: User, filters: Filters, *, sort: str, after: str = "", size: int = PAGE, shape: Shape = as_cards
) -> TicketPage:
    """A page of the tickets `user` may see in an order of tickets.ordering, after a cursor of it.

    Raises InvalidInput for a text that is no such cursor.
    """
    chosen = Ticket.objects.visible_to(user).filter(filters.condition)
    if sort == BY_DUE_FIRST:
        return _page_by_due(chosen, DueCursor.parse(after), size, shape)
    order = ORDERS[sort]
    ids = list(chosen.filter(order.after(after)).order_by(*order.by).values_list("pk", flat=True)[: size + 1])
    found = list(shape(Ticket.objects.filter(pk__in=ids[:size])).order_by(*order.by))
    return TicketPage(found, order.cursor(found[-1]) if len(ids) > size else "")


def count_up_to(user: User, filters: Filters, limit: int) -> int:
    """How many tickets `user` may see, counted no further than `limit`."""
    return Ticket.objects.visible_to(user).filter(filters.condition).order_by()[:limit].count()


def _page_by_due(
    tickets: TicketQuerySet, after: DueCursor | None, size: int, shape: Shape = as_cards
) -> TicketPage:
    """Those that fall due, then the others: two ranges, which the index can seek one by one."""
    due, undue = tickets.exclude(next_due_at=None), tickets.filter(next_due_at=None)
    if after is not None:
        due, undue = due.filter(after.due), undue.filter(after.undue)
    ids = list(due.order_by("next_due_at", "pk").values_list("pk", flat=True)[: size + 1])
    if len(ids) <= size:
        ids += undue.order_by("pk").values_list("pk", flat=True)[: size + 1 - len(ids)]
    found = list(shape(Ticket.objects.filter(pk__in=ids[:size])).order_by(*BY_DUE))
    return TicketPage(found, str(DueCursor.of(found[-1])) if len(ids) > size else "")


# --- one ticket -----------------------------------------------------------------------------------------


def ticket_detail(user: User, number: str) -> Ticket | None:
    """The ticket of that number with all its page says, the conversation aside; None when it is not theirs.

    `last_change` and `last_public_change` are the ids of its newest history rows (None: there are none), read with
    the ticket in one statement: whatever is read after it is at least as new as they say.
    """
    people = ("tier_overridden_by", "follow_up_of")
    chosen = Ticket.objects.visible_to(user).numbered(number).select_related(*SHOWN_WITH, *people)
    marked = chosen.annotate(last_change=_newest_row(), last_public_change=_newest_row(is_public=True))
    return marked.defer("search").prefetch_related("clocks").first()


def _newest_row(**kind: bool) -> Subquery:
    """The id of a ticket's newest history row; grouped, so that it is not looked for along the ids of all tickets."""
    rows = HistoryEntry.objects.filter(ticket=OuterRef("pk"), **kind).order_by().values("ticket")
    return Subquery(rows.annotate(newest=Max("pk")).values("newest"))


def conversation(ticket: Ticket, *, internal: bool) -> list[Message]:
    """The ticket's messages in order, with authors and files; internal notes only if asked for."""
    messages = ticket.messages.select_related("author").prefetch_related("attachments")
    return list(messages if internal else messages.filter(kind="public"))


def history_of(ticket: Ticket) -> list[HistoryEntry]:
    """Every change of the ticket, in order, with who made it."""
    return list(ticket.history.select_related("actor"))


def end_of_chain(ticket_id: int) -> int:
    """The id of the ticket in which that one goes on: its own, unless it was merged, and where it went and so on."""
    following: int | None = ticket_id
    while following is not None:
        ticket_id = following
        following = Ticket.objects.values_list("merged_into_id", flat=True).get(pk=ticket_id)
    return ticket_id


def seen_by(ticket: Ticket, people: Sequence[User]) -> list[User]:
    """Those of `people` who may see the ticket. One query."""
    if not people:
        return []
    rows = Ticket.objects.order_by().filter(pk=ticket.pk)
    asked = [rows.visible_to(person).values_list(Value(person.pk)) for person in people]
    seen = {pk for (pk,) in asked[0].union(*asked[1:], all=True)}
    return [person for person in people if person.pk in seen]
