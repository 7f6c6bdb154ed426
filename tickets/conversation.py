"""Reading one ticket's conversation and history for its page. Each answer takes a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Organisation, Team, User
from tickets.models import Attachment, HistoryEntry, Message, MessageKind, Ticket
from tickets.presenting import Names
from tickets.selectors import end_of_chain

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


def names_in(entries: Iterable[HistoryEntry]) -> Names:
    """The names of whom history rows speak of, whether or not they are still in use. Two queries, seldom three."""
    ids: dict[str, set[int]] = {"assignee": set(), "team": set(), "organisation": set()}
    for row in entries:
        if row.field in ids:
            ids[row.field].update(value for value in (row.old, row.new) if isinstance(value, int))
    return Names(
        users={pk: str(user) for pk, user in User.objects.in_bulk(ids["assignee"]).items()},
        teams={pk: team.name for pk, team in Team.objects.in_bulk(ids["team"]).items()},
        organisations={
            pk: str(name) for pk, name in Organisation.objects.in_bulk(ids["organisation"]).items()
        },
    )


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
