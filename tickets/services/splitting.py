"""Splitting a ticket: what a customer asked in passing becomes a ticket with promises of its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Category, Module, Product
from common.errors import InvalidInput, NotAllowed
from tickets import policies
from tickets.models import Attachment, Message, MessageKind, Ticket
from tickets.services.linking import tie_split
from tickets.services.opening import Draft, open_ticket
from tickets.vocabulary import Status
from tickets.workflow import Party

MOST_MESSAGES = 20


@dataclass(frozen=True)
class Part:
    """What the new ticket is about. `messages` are the ids of customers' messages it is made of."""

    subject: str
    messages: Collection[int]
    product: Product | None = None
    module: Module | None = None
    category: Category | None = None


@transaction.atomic
def split(*, ticket_id: int, part: Part, actor: User, at: datetime, key: UUID | None = None) -> Ticket:
    """Open a ticket for the same requester out of messages of one the actor works on; returns the new one.

    The messages stay where they are; their words and files are in the new ticket too, which is no follow-up: no
    figure counts it against the first. `key` makes a repeated call answer with what the first one did. Raises
    NotAllowed, InvalidInput or TooMany, and then changes nothing.
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if Party.AGENT not in policies.parties(actor, ticket):
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    if ticket.status == Status.MERGED:
        raise InvalidInput({"messages": [_("It was merged: split the ticket it goes on in.")]})
    if key is not None:
        earlier = Ticket.objects.filter(requester=ticket.requester_id, filing_key=key).first()
        if earlier is not None:
            return earlier
    messages = chosen_messages(ticket, part.messages)
    made = open_ticket(
        requester=ticket.requester,
        actor=actor,
        draft=draft_of(ticket, part, messages),
        at=at,
        channel=ticket.channel,
        key=key,
    )
    _copy_files(messages, made)
    tie_split(made=made, source=ticket, actor=actor, at=at)
    return made


def chosen_messages(ticket: Ticket, ids: Collection[int]) -> list[Message]:
    """The customers' messages of those ids, in order. Raises InvalidInput for none, too many or a strange one."""
    if not ids:
        raise InvalidInput({"messages": [_("Choose the messages it is about.")]})
    if len(set(ids)) > MOST_MESSAGES:
        raise InvalidInput({"messages": [_("At most %(count)d messages.") % {"count": MOST_MESSAGES}]})
    rows = ticket.messages.filter(pk__in=set(ids), kind=MessageKind.PUBLIC, by_staff=False)
    found = list(rows.select_related("author").prefetch_related("attachments"))
    if len(found) != len(set(ids)):
        raise InvalidInput({"messages": [_("One of these messages is not there any more. Choose again.")]})
    return found


def draft_of(ticket: Ticket, part: Part, messages: Sequence[Message]) -> Draft:
    """What the new ticket would say, in the words as they were written.

    The first one's impact is not its own: what was asked in passing stops nobody until somebody says so.
    """
    return Draft(
        subject=part.subject,
        description="\n\n".join(message.body for message in messages),
        product=part.product,
        module=part.module,
        category=part.category,
        edition=ticket.edition,
        product_version=ticket.product_version,
    )


def _copy_files(messages: Sequence[Message], made: Ticket) -> None:
    """The same stored files under keys of their own: who may fetch them depends on the ticket."""
    files = [file for message in messages for file in message.attachments.all()]
    Attachment.objects.bulk_create(
        Attachment(
            key=uuid4(),
            ticket=made,
            uploaded_by_id=file.uploaded_by_id,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            file=file.file.name,
            created_at=file.created_at,
        )
        for file in files
    )
