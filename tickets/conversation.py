"""Reading one ticket's conversation and history for its page. Each answer takes a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team, User
from catalog.models import Category, Module, Product
from common import search
from tickets.models import Attachment, HistoryEntry, LinkKind, Message, MessageKind, Ticket, TicketLink
from tickets.presenting import Names
from tickets.selectors import end_of_chain
from tickets.vocabulary import UNCOUNTED

# Messages shown at once; the older ones are a click away.
SHOWN = 50
# An open page keeps what it has shown when new messages come, up to this many.
KEPT = 300
STEPS_SHOWN = 200
# History rows a page; one step of several rows is never torn apart.
PAGE = 50
ROWS_OF_A_STEP = 10
# Rows of the history that the conversation shows as the messages they are, or as its beginning.
SPOKEN = ("opened", "replied", "called", "noted")


@dataclass(frozen=True)
class Talk:
    """A stretch of the conversation: messages and what else happened, each in order.

    `earlier` is the id of the first message when there are older ones.
    """

    messages: list[Message]
    entries: list[HistoryEntry]
    earlier: int | None

    @property
    def first(self) -> int:
        """The id of the first message; 0 when there is none."""
        return self.messages[0].pk if self.messages else 0


def talk(ticket: Ticket, *, internal: bool, since: int = 0) -> Talk:
    """The newest stretch of the conversation: at least back to the message `since`, if that is given."""
    messages = _messages(ticket, internal)
    newest = list(messages.order_by("-at", "-id")[: (KEPT if since else SHOWN) + 1])
    ids = [message.pk for message in newest]
    # Back to `since`, where that is within reach; never less than a page's worth.
    wanted = ids.index(since) + 1 if since in ids else SHOWN
    shown = newest[: min(max(wanted, SHOWN), KEPT)]
    return _stretch(ticket, shown, has_more=len(newest) > len(shown), internal=internal)


def talk_before(ticket: Ticket, *, internal: bool, before: int) -> Talk | None:
    """The stretch that ends before the message of that id; None when there is no such message."""
    messages = _messages(ticket, internal)
    limit = messages.filter(pk=before).first()
    if limit is None:
        return None
    older = messages.filter(Q(at__lt=limit.at) | Q(at=limit.at, pk__lt=limit.pk))
    newest = list(older.order_by("-at", "-id")[: SHOWN + 1])
    return _stretch(ticket, newest[:SHOWN], has_more=len(newest) > SHOWN, internal=internal, until=limit)


def _messages(ticket: Ticket, internal: bool) -> QuerySet[Message]:
    messages = ticket.messages.select_related("author__organisation").prefetch_related("attachments")
    return messages if internal else messages.filter(kind=MessageKind.PUBLIC)


def _stretch(
    ticket: Ticket, newest: list[Message], *, has_more: bool, internal: bool, until: Message | None = None
) -> Talk:
    messages = newest[::-1]
    rows = _rows(ticket, internal).exclude(event__in=SPOKEN)
    if has_more and messages:
        rows = rows.filter(at__gte=messages[0].at)
    if until is not None:
        rows = rows.filter(at__lt=until.at)
    entries = list(rows.order_by("-at", "-id")[:STEPS_SHOWN])[::-1]
    return Talk(messages, entries, messages[0].pk if has_more and messages else None)


def _rows(ticket: Ticket, internal: bool) -> QuerySet[HistoryEntry]:
    rows = ticket.history.select_related("actor")
    return rows if internal else rows.filter(is_public=True)


def files_of_description(ticket: Ticket) -> list[Attachment]:
    """What was attached when the ticket was filed."""
    return list(ticket.attachments.filter(message=None))


@dataclass(frozen=True)
class HistoryPage:
    """One page of history rows, in order, the newest page first; `next_cursor` 0 ends the list."""

    entries: list[HistoryEntry]
    next_cursor: int


def history_page(ticket: Ticket, *, internal: bool, before: int = 0) -> HistoryPage | None:
    """The history that ends before the row of the id `before` (0: the newest); None when there is no such row."""
    rows = _rows(ticket, internal)
    if before:
        limit = rows.filter(pk=before).first()
        if limit is None:
            return None
        rows = rows.filter(Q(at__lt=limit.at) | Q(at=limit.at, pk__lt=limit.pk))
    newest = list(rows.order_by("-at", "-id")[: PAGE + ROWS_OF_A_STEP + 1])
    shown = newest[: _end_of_step(newest)]
    more = len(newest) > len(shown)
    return HistoryPage(shown[::-1], shown[-1].pk if more else 0)


def _end_of_step(newest: list[HistoryEntry]) -> int:
    """After how many rows a page may end: PAGE, or a few more so as to end with a step."""
    for end in range(PAGE, len(newest)):
        last, following = newest[end - 1], newest[end]
        if (last.at, last.actor_id, last.event) != (following.at, following.actor_id, following.event):
            return end
    return min(len(newest), PAGE + ROWS_OF_A_STEP)


# The tables behind the ids of a field. Whoever has a name has it in the reader's language.
_NAMED: Mapping[str, type[Model]] = {
    "users": User,
    "teams": Team,
    "organisations": Organisation,
    "products": Product,
    "modules": Module,
    "categories": Category,
}
_TABLES = {
    "assignee": "users",
    "watcher": "users",
    "team": "teams",
    "organisation": "organisations",
    "product": "products",
    "module": "modules",
    "category": "categories",
}


def names_in(entries: Iterable[HistoryEntry]) -> Names:
    """The names of whom and what history rows speak of, whether or not still in use.

    A query for each kind of thing that is spoken of: mostly two.
    """
    ids: dict[str, set[int]] = {table: set() for table in _NAMED}
    for row in entries:
        if row.field in _TABLES:
            ids[_TABLES[row.field]].update(value for value in (row.old, row.new) if isinstance(value, int))
    return Names(**{table: _names(model, ids[table]) for table, model in _NAMED.items()})


def _names(model: type[Model], ids: set[int]) -> dict[int, str]:
    rows = model._default_manager.in_bulk(ids) if ids else {}
    return {pk: str(row) for pk, row in rows.items()}


def others_of_organisation(user: User, ticket: Ticket, *, count: int = 5) -> list[Ticket]:
    """The organisation's newest other tickets that `user` may see."""
    if ticket.organisation_id is None:
        return []
    others = Ticket.objects.visible_to(user).filter(organisation=ticket.organisation_id).exclude(pk=ticket.pk)
    return list(others.only("subject", "status").order_by("-pk")[:count])


@dataclass(frozen=True)
class Relatives:
    """Tickets that belong to one, as far as somebody may see them.

    `follow_ups`: those it goes on in; `merged`: those that were merged into it; `goes_on_in`: of a merged one, the
    ticket at the end of its way.
    """

    follow_ups: list[Ticket]
    merged: list[Ticket]
    goes_on_in: Ticket | None = None


def relatives_of(user: User, ticket: Ticket) -> Relatives:
    """The tickets that belong to `ticket`. One query; for a merged one a few more."""
    belonging = Q(follow_up_of=ticket) | Q(merged_into=ticket)
    visible = Ticket.objects.visible_to(user)
    found = list(visible.filter(belonging).only("pk", "merged_into_id").order_by("pk"))
    end = visible.filter(pk=end_of_chain(ticket.pk)).first() if ticket.merged_into_id else None
    return Relatives(
        follow_ups=[other for other in found if other.merged_into_id != ticket.pk],
        merged=[other for other in found if other.merged_into_id == ticket.pk],
        goes_on_in=end,
    )


def watchers_of(ticket: Ticket) -> list[User]:
    """Who watches the ticket, those who began first in front. One query."""
    return [row.user for row in ticket.watchers.select_related("user")]


@dataclass(frozen=True)
class Linked:
    """A ticket that belongs to another one, and how; `removable`: people said so and may take it back."""

    label: str
    ticket: Ticket
    removable: bool


# How a link reads from the ticket it is said of, and from the other one.
READS: Mapping[str, tuple[Promise, Promise]] = {
    LinkKind.PARENT: (_("Part of"), _("Parts")),
    LinkKind.DUPLICATE: (_("The same problem"), _("The same problem")),
    LinkKind.RELATED: (_("Related"), _("Related")),
    LinkKind.SPLIT: (_("Split off from"), _("Split off into")),
}


def links_of(user: User, ticket: Ticket) -> list[TicketLink]:
    """The links of `ticket` whose other ends `user` may see. One query."""
    rows = TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket)).select_related("ticket", "other")
    visible = Ticket.objects.visible_to(user).values("pk")
    return list(rows.filter(ticket__in=visible, other__in=visible))


def linked_to(user: User, ticket: Ticket) -> list[Linked]:
    """The tickets linked to `ticket` that `user` may see, by how they belong. One query."""
    found = [_linked(row, ticket) for row in links_of(user, ticket)]
    return sorted(found, key=lambda linked: linked.label)


def _linked(row: TicketLink, ticket: Ticket) -> Linked:
    said_of_it = row.ticket_id == ticket.pk
    labels = READS[row.kind]
    other = row.other if said_of_it else row.ticket
    return Linked(str(labels[0 if said_of_it else 1]), other, row.kind != LinkKind.SPLIT)


# Similar tickets are looked for among so many of the newest that share a word, and so many are shown.
ALIKE_AMONG = 200
ALIKE_SHOWN = 5


def alike(user: User, ticket: Ticket) -> list[Ticket]:
    """The tickets most like `ticket` by the words of its subject, of those `user` may see; the best first."""
    words = search.any_of(ticket.subject)
    if words is None:
        return []
    others = Ticket.objects.visible_to(user).exclude(status__in=sorted(UNCOUNTED)).exclude(pk=ticket.pk)
    newest = others.filter(search=words).order_by("-pk").values("pk")[:ALIKE_AMONG]
    scored = Ticket.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
    best = scored.annotate(score=search.score("search", ticket.subject)).order_by("-score", "-pk")
    return list(
        best.select_related("organisation").defer("description", "resolution", "search")[:ALIKE_SHOWN]
    )
