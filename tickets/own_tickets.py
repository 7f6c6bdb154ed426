"""Reading tickets for their customer's screens. Each answer takes a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Case, Count, Q, QuerySet, Value, When

from accounts.models import User
from catalog.models import Product
from tickets.filters import Filters
from tickets.models import Message, MessageKind, Ticket
from tickets.selectors import BY_DUE, TicketPage, ticket_list
from tickets.vocabulary import Status

# So many of the latest tickets tell which products somebody works with.
LOOKED_BACK = 100
USED_SHOWN = 2
CURRENT_SHOWN, LANE_SHOWN, ENDED_SHOWN = 50, 20, 20
# The organisation's board from left to right.
LANES = {
    "accepted": (Status.NEW, Status.ASSIGNED),
    "working": (Status.IN_PROGRESS, Status.WAITING_VENDOR),
    "yours": (Status.WAITING_CUSTOMER,),
    "confirm": (Status.RESOLVED,),
}
_THEIR_TURN = Case(
    When(status=Status.RESOLVED, then=Value(0)),
    When(status=Status.WAITING_CUSTOMER, then=Value(1)),
    default=Value(2),
)


@dataclass(frozen=True)
class UsedProduct:
    """A product somebody (`own`) or a colleague filed about lately, with the edition and version last named."""

    product: Product
    edition: str
    version: str
    own: bool


@dataclass(frozen=True)
class Lane:
    """One column of the organisation's board (a key of LANES): how many tickets, and the first of them."""

    code: str
    count: int
    tickets: list[Ticket]

    @property
    def more(self) -> int:
        """How many are not among `tickets`."""
        return self.count - len(self.tickets)


def used_products(user: User) -> list[UsedProduct]:
    """The products a customer's organisation filed about lately, the customer's own first. One query."""
    if not user.is_customer:
        return []
    filed = Ticket.objects.filter(product__is_active=True)
    filed = (
        filed.filter(organisation=user.organisation_id)
        if user.organisation_id
        else filed.filter(requester=user)
    )
    lately = filed.select_related("product").only("requester", "edition", "product_version", "product")
    found: dict[int, UsedProduct] = {}
    for ticket in sorted(lately.order_by("-pk")[:LOOKED_BACK], key=lambda t: t.requester_id != user.pk):
        product, own = ticket.product, ticket.requester_id == user.pk
        if product is None:
            continue
        last = found.setdefault(product.pk, UsedProduct(product, "", "", own))
        if not last.edition and not last.version:
            found[product.pk] = replace(last, edition=ticket.edition, version=ticket.product_version)
    return list(found.values())[:USED_SHOWN]


def current_of(user: User) -> list[Ticket]:
    """What is under way for `user`: what waits for them first, then by what falls due first. Two queries."""
    chosen = Ticket.objects.visible_to(user).on_board().filter(requester=user)
    return list(_shown(chosen).order_by(_THEIR_TURN, *BY_DUE)[:CURRENT_SHOWN])


def lanes_of(user: User) -> list[Lane]:
    """What is under way in a contact manager's organisation, by whose turn it is. Four queries."""
    chosen = Ticket.objects.visible_to(user).on_board().filter(organisation=user.organisation_id)
    counts = dict(chosen.order_by().values_list("status").annotate(Count("pk")))
    firsts = [
        chosen.filter(status__in=statuses).order_by(*BY_DUE).values("pk")[:LANE_SHOWN]
        for statuses in LANES.values()
    ]
    ids = [row["pk"] for row in firsts[0].union(*firsts[1:], all=True)]
    shown = list(_shown(Ticket.objects.filter(pk__in=ids)).order_by(*BY_DUE))
    return [
        Lane(
            code=code,
            count=sum(counts.get(status, 0) for status in statuses),
            tickets=[ticket for ticket in shown if ticket.status in statuses],
        )
        for code, statuses in LANES.items()
    ]


def ended_of(user: User, *, before: int | None = None) -> TicketPage:
    """A page of what has ended: the organisation's for its contact manager, else the own. Two queries."""
    whole = user.is_contact_manager and user.organisation_id is not None
    scope = Q(organisation=user.organisation_id) if whole else Q(requester=user)
    ended = Q(status__in=[Status.CLOSED, Status.CANCELLED, Status.MERGED])
    return ticket_list(user, Filters(scope & ended), before=before, size=ENDED_SHOWN)


def questions_on(tickets: Iterable[Ticket]) -> dict[int, str]:
    """The last public message of staff on those of `tickets` that wait for their customer, by ticket id."""
    waiting = [ticket.pk for ticket in tickets if ticket.status == Status.WAITING_CUSTOMER]
    said = Message.objects.filter(ticket__in=waiting, kind=MessageKind.PUBLIC, by_staff=True)
    last = said.order_by("ticket_id", "-at", "-id").distinct("ticket_id")
    return dict(last.values_list("ticket_id", "body")) if waiting else {}


def _shown(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    people = ("requester", "assignee", "module")
    return tickets.select_related(*people).defer("description", "search").prefetch_related("clocks")
