"""Writing a message on a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput, NotAllowed, TooMany
from common.events import publish
from common.text import clean_text
from tickets import policies
from tickets.events import TicketReplied, TicketTouched
from tickets.models import Attachment, HeldReply, Message, MessageKind, Ticket
from tickets.models.ticket import Channel
from tickets.services.attaching import claim
from tickets.services.errors import AnsweredMeanwhile, SettledMeanwhile
from tickets.services.history import record
from tickets.services.opening import Draft, open_ticket
from tickets.services.stepping import let_held_leave
from tickets.services.transition import Inputs, transition
from tickets.vocabulary import Status
from tickets.workflow import Party

BODY_LENGTH = 20_000
SUBJECT_OF_FOLLOW_UP = 180
# A reason that is ours and not a person's words is a code; screens put it in the reader's language.
CUSTOMER_WROTE = "customer_wrote"


@dataclass(frozen=True)
class Reply:
    """What came of it: the message, and the ticket it stands on (a follow-up, if the old one had ended).

    `repeated`: the same key had been sent before, and nothing was done this time. `held`: it has not left yet.
    """

    ticket: Ticket
    message: Message | None
    repeated: bool = False
    held: HeldReply | None = None


@transaction.atomic
def reply(
    *,
    ticket_id: int,
    author: User,
    body: str,
    at: datetime,
    public: bool = True,
    channel: str = Channel.WEB,
    attachments: Sequence[Attachment] = (),
    key: UUID | None = None,
    seen: int | None = None,
    going_on: bool = False,
    said_at: datetime | None = None,
) -> Reply:
    """Write a message on a ticket the author may see, at the instant `at`.

    The customer's word puts a waiting ticket back to work, reopens one closed within the reopen window, and
    opens a linked follow-up for an older or a cancelled one; of a merged one it is put on the ticket that goes on.
    `key` makes a repeated call answer with what the first one did; `seen` and `going_on` are what `warn_of_changes`
    reads. `said_at` is for what was said earlier and not in writing: see `calling`. Raises InvalidInput, NotAllowed,
    TooMany, AnsweredMeanwhile, SettledMeanwhile.
    """
    ticket, by_staff = _where_it_goes(ticket_id, author, public=public)
    if by_staff and public:
        let_held_leave(ticket=ticket, actor=author, at=at)
    # The lock above lets the second of two equal calls see what the first one wrote.
    if earlier := sent_before(ticket=ticket, author=author, key=key):
        return earlier
    text = checked(body)
    if not by_staff:
        _respect_allowance(author, at)
        if has_ended_for_good(ticket, at=at):
            follow_up = _follow_up(ticket, ticket_id, author, text, at, channel, attachments, key)
            return Reply(ticket=follow_up, message=None)
    elif public:
        warn_of_changes(ticket=ticket, author=author, seen=seen, going_on=going_on)
    message = _message(ticket, author, text, said_at or at, public, by_staff, channel, key)
    claim(attachments=attachments, ticket=ticket, message=message, uploader=author)
    _follow(ticket, message, author, at)
    return Reply(ticket=ticket, message=message)


class _GoesOnElsewhere(Exception):
    """The ticket was merged; `into` is the id of the one it goes on in."""

    def __init__(self, into: int) -> None:
        super().__init__(into)
        self.into = into


def _where_it_goes(ticket_id: int, author: User, *, public: bool) -> tuple[Ticket, bool]:
    """The ticket a message ends up on, locked, and whether its author writes on it as staff.

    What a customer writes on a merged ticket follows it. A lock on the way is given back with its savepoint: two
    are never held at once, so nobody is waited for in a circle.
    """
    here = ticket_id
    while True:
        try:
            with transaction.atomic():
                ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=here)
                by_staff = here == ticket_id and _writes_as_staff(author, ticket, public=public)
                if ticket.merged_into_id is not None and not by_staff:
                    raise _GoesOnElsewhere(ticket.merged_into_id)
                return ticket, by_staff
        except _GoesOnElsewhere as found:
            here = found.into


def _writes_as_staff(author: User, ticket: Ticket, *, public: bool) -> bool:
    capacity = policies.parties(author, ticket)
    by_staff = Party.AGENT in capacity
    if not capacity or (not public and not by_staff):
        raise NotAllowed(_("You may not write on %(number)s.") % {"number": ticket.number})
    return by_staff


def sent_before(*, ticket: Ticket, author: User, key: UUID | None) -> Reply | None:
    """What an earlier call with that key did; None if there was none. Sure only while the ticket is locked."""
    if key is None:
        return None
    message = Message.objects.filter(ticket=ticket, author=author, key=key).first()
    if message is not None:
        return Reply(ticket=ticket, message=message, repeated=True)
    follow_up = Ticket.objects.filter(follow_up_of=ticket, filing_key=key).first()
    return Reply(ticket=follow_up, message=None, repeated=True) if follow_up else None


def warn_of_changes(*, ticket: Ticket, author: User, seen: int | None, going_on: bool) -> None:
    """Raise AnsweredMeanwhile or SettledMeanwhile for what the author of a public reply cannot have known of.

    `seen` is the id of the last message they have read (0: none; None: not asked), `going_on` says that they took the
    ticket for unsettled when they began.
    """
    _warn_of_others(ticket, author, seen)
    _warn_if_settled(ticket, author, going_on=going_on)


def _warn_of_others(ticket: Ticket, author: User, seen: int | None) -> None:
    """Raise AnsweredMeanwhile if others wrote publicly since the message of the id `seen` (None: not asked)."""
    if seen is None:
        return
    public = ticket.messages.filter(kind=MessageKind.PUBLIC, pk__gt=seen)
    others = list(public.exclude(author=author).select_related("author"))
    if others:
        raise AnsweredMeanwhile(others)


def _warn_if_settled(ticket: Ticket, author: User, *, going_on: bool) -> None:
    """Raise SettledMeanwhile if the ticket was `going_on` when the author began to write and somebody else, or the
    desk itself, has resolved or ended it since.
    """
    if not going_on or ticket.is_open:
        return
    settled = ticket.history.filter(field="status").last()
    if settled is None or settled.actor_id != author.pk:
        raise SettledMeanwhile(ticket)


def _message(
    ticket: Ticket,
    author: User,
    text: str,
    at: datetime,
    public: bool,
    by_staff: bool,
    channel: str,
    key: UUID | None,
) -> Message:
    return Message.objects.create(
        ticket=ticket,
        author=author,
        kind=MessageKind.PUBLIC if public else MessageKind.INTERNAL,
        body=text,
        by_staff=by_staff,
        is_automatic=author.is_bot,
        channel=channel,
        at=at,
        key=key,
    )


def _follow(ticket: Ticket, message: Message, author: User, at: datetime) -> None:
    """What follows from a message: first response, version, history, events, and back to work for a customer."""
    public = not message.is_internal
    first = public and message.by_staff and not author.is_bot and ticket.first_responded_at is None
    if first:
        ticket.first_responded_at = message.at
    if public:
        # A note changes nothing that somebody else's step could rest on.
        ticket.version += 1
    ticket.updated_at = at
    ticket.save(update_fields=["first_responded_at", "version", "updated_at"])
    what = "called" if message.is_call else "replied" if public else "noted"
    data: dict[str, Any] = {"message": message.pk} | ({"first_response": True} if first else {})
    if message.is_call:
        data["called_at"] = message.at.isoformat()
    record(ticket=ticket, at=at, actor=author, event=what, data=data, is_public=public)
    publish(_replied(ticket, message, author, first=first))
    publish(TicketTouched(ticket_id=ticket.pk, at=at, actor_id=author.pk, what=what, internal=not public))
    if not message.by_staff:
        _wake(ticket, at)
    ticket.refresh_from_db()


def _replied(ticket: Ticket, message: Message, author: User, *, first: bool) -> TicketReplied:
    return TicketReplied(
        ticket_id=ticket.pk,
        at=message.at,
        actor_id=author.pk,
        message_id=message.pk,
        public=not message.is_internal,
        by_staff=message.by_staff,
        is_automatic=message.is_automatic,
        first_response=first,
        is_call=message.is_call,
    )


def checked(body: str) -> str:
    """The text as it is kept. Raises InvalidInput for one that is empty or too long."""
    text = clean_text(body)
    if not text:
        raise InvalidInput({"body": [_("Write a few words first.")]})
    if len(text) > BODY_LENGTH:
        raise InvalidInput({"body": [_("At most %(count)d characters, please.") % {"count": BODY_LENGTH}]})
    return text


def _wake(ticket: Ticket, at: datetime) -> None:
    if ticket.status == Status.WAITING_CUSTOMER:
        transition(ticket_id=ticket.pk, action="resume", actor=None, at=at)
    elif ticket.status == Status.CLOSED:
        transition(
            ticket_id=ticket.pk, action="reopen", actor=None, at=at, inputs=Inputs(reason=CUSTOMER_WROTE)
        )


def has_ended_for_good(ticket: Ticket, *, at: datetime) -> bool:
    """Whether a customer's word at `at` would open a follow-up instead of going on with the ticket."""
    if ticket.status in {Status.CANCELLED, Status.MERGED}:
        return True
    return (
        ticket.status == Status.CLOSED
        and ticket.closed_at is not None
        and at - ticket.closed_at > settings.REOPEN_WINDOW
    )


def _follow_up(
    old: Ticket,
    written_on: int,
    author: User,
    text: str,
    at: datetime,
    channel: str,
    attachments: Sequence[Attachment],
    key: UUID | None,
) -> Ticket:
    whose = old if old.pk == written_on else Ticket.objects.get(pk=written_on)
    draft = Draft(
        subject=old.subject[:SUBJECT_OF_FOLLOW_UP],
        description=text,
        product=old.product,
        module=old.module,
        category=old.category,
        edition=old.edition,
        product_version=old.product_version,
        impact=old.impact,
    )
    return open_ticket(
        requester=whose.requester,
        actor=author,
        draft=draft,
        at=at,
        channel=channel,
        attachments=attachments,
        follow_up_of=old,
        key=key,
    )


def _respect_allowance(author: User, at: datetime) -> None:
    recent = Message.objects.filter(author=author, at__gt=at - timedelta(hours=1)).count()
    if recent >= settings.REPLIES_PER_HOUR:
        raise TooMany(_("That is a lot of messages in one hour. Please wait a little."), retry_after=600)
