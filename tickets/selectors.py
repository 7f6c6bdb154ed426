"""Reading tickets for screens and API. Each answer takes a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from common.errors import InvalidInput
from tickets.filters import Filters
from tickets.models import HistoryEntry, Message, Ticket
from tickets.querysets import TicketQuerySet
from tickets.vocabulary import Status
from tickets.workflow import BOARD_COLUMNS

CARDS_PER_COLUMN = 50
PAGE = 50
SHOWN_WITH = ("requester", "organisation", "product", "module", "category", "team", "assignee")
# What no list shows, and what is long.
LONG = ("description", "resolution", "search")
BY_DUE = (F("next_due_at").asc(nulls_last=True), "id")


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
class Urgency:
    """How pressing the board is: tickets that are open, past due, and due before a moment."""

    open: int
    overdue: int
    due_soon: int


@dataclass(frozen=True)
class TicketPage:
    """One page of a list, newest first, and the cursor of the next; an empty one ends the list."""

    tickets: list[Ticket]
    next_cursor: str


def listed(tickets: TicketQuerySet) -> QuerySet[Ticket]:
    """`tickets` with what a card, a row or an API entry says about them, clocks included."""
    return tickets.select_related(*SHOWN_WITH).defer(*LONG).prefetch_related("clocks")


def board_columns(user: User, filters: Filters) -> list[Column]:
    """The board's columns from left to right, as `user` may see them."""
    chosen = Ticket.objects.visible_to(user).on_board().filter(filters.condition)
    counts = _counts(chosen)
    firsts = [
        chosen.filter(status=s).order_by(*BY_DUE).values("pk")[:CARDS_PER_COLUMN] for s in BOARD_COLUMNS
    ]
    ids = [row["pk"] for row in firsts[0].union(*firsts[1:], all=True)]
    cards: dict[str, list[Ticket]] = {status: [] for status in BOARD_COLUMNS}
    for ticket in listed(Ticket.objects.filter(pk__in=ids)).order_by(*BY_DUE):
        cards[ticket.status].append(ticket)
    return [Column(status, counts.get(status, 0), cards[status]) for status in BOARD_COLUMNS]


def board_counts(user: User, filters: Filters) -> dict[str, int]:
    """How many tickets each column holds, by status. One query."""
    counts = _counts(Ticket.objects.visible_to(user).on_board().filter(filters.condition))
    return {status: counts.get(status, 0) for status in BOARD_COLUMNS}


def _counts(tickets: TicketQuerySet) -> dict[str, int]:
    return dict(tickets.order_by().values_list("status").annotate(Count("pk")))


def board_urgency(user: User, filters: Filters, *, at: datetime, until: datetime) -> Urgency:
    """How many of the board's open tickets are past due at `at`, and how many fall due before `until`."""
    chosen = Ticket.objects.visible_to(user).open().filter(filters.condition)
    found = chosen.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(next_due_at__lt=at)),
        due_soon=Count("pk", filter=Q(next_due_at__gte=at, next_due_at__lt=until)),
    )
    return Urgency(**found)


def card(user: User, number: str, filters: Filters | None = None) -> Ticket | None:
    """The ticket of that number as a card; None when it is not on the board `user` looks at."""
    chosen = Ticket.objects.visible_to(user).on_board().numbered(number)
    return listed(chosen.filter(filters.condition if filters else Q())).first()


def parse_cursor(text: str) -> int | None:
    """Where a page begins; None for the first. Raises InvalidInput for anything but a cursor of ours."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidInput({"cursor": ["?"]})
    return int(text)


def ticket_list(user: User, filters: Filters, *, before: int | None = None, size: int = PAGE) -> TicketPage:
    """A page of the tickets `user` may see, newest first, below the cursor `before`."""
    chosen = listed(Ticket.objects.visible_to(user).filter(filters.condition)).order_by("-pk")
    if before is not None:
        chosen = chosen.filter(pk__lt=before)
    found = list(chosen[: size + 1])
    return TicketPage(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def ticket_detail(user: User, number: str) -> Ticket | None:
    """The ticket of that number with all its page says, the conversation aside; None when it is not theirs."""
    people = ("tier_overridden_by", "follow_up_of")
    chosen = Ticket.objects.visible_to(user).numbered(number).select_related(*SHOWN_WITH, *people)
    return chosen.defer("search").prefetch_related("clocks").first()


def conversation(ticket: Ticket, *, internal: bool) -> list[Message]:
    """The ticket's messages in order, with authors and files; internal notes only if asked for."""
    messages = ticket.messages.select_related("author").prefetch_related("attachments")
    return list(messages if internal else messages.filter(kind="public"))


def history_of(ticket: Ticket) -> list[HistoryEntry]:
    """Every change of the ticket, in order, with who made it."""
    return list(ticket.history.select_related("actor"))
