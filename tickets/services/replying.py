"""Writing a message on a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput, NotAllowed, TooMany
from common.events import publish
from common.text import clean_text
from tickets import policies
from tickets.events import TicketReplied, TicketTouched
from tickets.models import Attachment, Message, MessageKind, Ticket
from tickets.models.ticket import Channel
from tickets.services.attaching import claim
from tickets.services.history import record
from tickets.services.opening import Draft, open_ticket
from tickets.services.transition import Inputs, transition
from tickets.vocabulary import Status
from tickets.workflow import Party

BODY_LENGTH = 20_000
SUBJECT_OF_FOLLOW_UP = 180
# A reason that is ours and not a person's words is a code; screens put it in the reader's language.
CUSTOMER_WROTE = "customer_wrote"


@dataclass(frozen=True)
class Reply:
    """What came of it: the message, and the ticket it stands on (a follow-up, if the old one had ended)."""

    ticket: Ticket
    message: Message | None


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
) -> Reply:
    """Write a message on a ticket the author may see, at the instant `at`.

    The customer's word puts a waiting ticket back to work, reopens one closed within the reopen window, and
    opens a linked follow-up for an older or a cancelled one. Raises InvalidInput, NotAllowed, TooMany.
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    capacity = policies.parties(author, ticket)
    by_staff = Party.AGENT in capacity
    if not capacity or (not public and not by_staff):
        raise NotAllowed(_("You may not write on %(number)s.") % {"number": ticket.number})
    text = _checked(body)
    if not by_staff:
        _respect_allowance(author, at)
        if _has_ended_for_good(ticket, at):
            return Reply(ticket=_follow_up(ticket, author, text, at, channel, attachments), message=None)
    message = _write(ticket, author, text, at, public=public, by_staff=by_staff, channel=channel)
    claim(attachments=attachments, ticket=ticket, message=message, uploader=author)
    if not by_staff:
        _wake(ticket, at)
    ticket.refresh_from_db()
    return Reply(ticket=ticket, message=message)


def _write(
    ticket: Ticket, author: User, text: str, at: datetime, *, public: bool, by_staff: bool, channel: str
) -> Message:
    message = Message.objects.create(
        ticket=ticket,
        author=author,
        kind=MessageKind.PUBLIC if public else MessageKind.INTERNAL,
        body=text,
        by_staff=by_staff,
        is_automatic=author.is_bot,
        channel=channel,
        at=at,
    )
    first = public and by_staff and not author.is_bot and ticket.first_responded_at is None
    if first:
        ticket.first_responded_at = at
    if public:
        # A note changes nothing that somebody else's step could rest on.
        ticket.version += 1
    ticket.updated_at = at
    ticket.save(update_fields=["first_responded_at", "version", "updated_at"])
    record(
        ticket=ticket,
        at=at,
        actor=author,
        event="replied" if public else "noted",
        data={"message": message.pk} | ({"first_response": True} if first else {}),
        is_public=public,
    )
    publish(
        TicketReplied(
            ticket_id=ticket.pk,
            at=at,
            actor_id=author.pk,
            message_id=message.pk,
            public=public,
            by_staff=by_staff,
            is_automatic=author.is_bot,
            first_response=first,
        )
    )
    what = "replied" if public else "noted"
    publish(TicketTouched(ticket_id=ticket.pk, at=at, actor_id=author.pk, what=what, internal=not public))
    return message


def _checked(body: str) -> str:
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


def _has_ended_for_good(ticket: Ticket, at: datetime) -> bool:
    if ticket.status in {Status.CANCELLED, Status.MERGED}:
        return True
    return (
        ticket.status == Status.CLOSED
        and ticket.closed_at is not None
        and at - ticket.closed_at > settings.REOPEN_WINDOW
    )


def _follow_up(
    old: Ticket, author: User, text: str, at: datetime, channel: str, attachments: Sequence[Attachment]
) -> Ticket:
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
        requester=old.requester,
        actor=author,
        draft=draft,
        at=at,
        channel=channel,
        attachments=attachments,
        follow_up_of=old,
    )


def _respect_allowance(author: User, at: datetime) -> None:
    recent = Message.objects.filter(author=author, at__gt=at - timedelta(hours=1)).count()
    if recent >= settings.REPLIES_PER_HOUR:
        raise TooMany(_("That is a lot of messages in one hour. Please wait a little."), retry_after=600)
