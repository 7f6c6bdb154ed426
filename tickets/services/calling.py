"""Putting a phone call with the customer on the ticket."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput, NotAllowed
from tickets import policies
from tickets.models import Attachment, Ticket
from tickets.models.ticket import Channel
from tickets.services.replying import Reply, reply
from tickets.workflow import Party

# Later nobody remembers when it was, and a promise must not be kept from memory.
REMEMBERED_FOR = timedelta(hours=24)
A_MINUTE = timedelta(minutes=1)


@transaction.atomic
def log_call(
    *,
    ticket_id: int,
    author: User,
    body: str,
    at: datetime,
    called_at: datetime | None = None,
    attachments: Sequence[Attachment] = (),
    key: UUID | None = None,
    seen: int | None = None,
) -> Reply:
    """Write down at `at` what an agent told the customer on the phone at `called_at` (None: just now).

    A call is a public word of staff: it counts for the first response at the instant it took place. The other
    arguments are those of `reply`. Raises InvalidInput for a call in the future, before the ticket or longer
    ago than REMEMBERED_FOR, and what `reply` raises.
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if Party.AGENT not in policies.parties(author, ticket):
        raise NotAllowed(_("You may not write on %(number)s.") % {"number": ticket.number})
    return reply(
        ticket_id=ticket_id,
        author=author,
        body=body,
        at=at,
        channel=Channel.PHONE,
        attachments=attachments,
        key=key,
        seen=seen,
        said_at=_checked(called_at, ticket, at) if called_at is not None else at,
    )


def _checked(called_at: datetime, ticket: Ticket, at: datetime) -> datetime:
    if called_at > at:
        raise InvalidInput({"at": [_("The call cannot have been in the future.")]})
    if at - called_at > REMEMBERED_FOR:
        raise InvalidInput({"at": [_("A call is logged within 24 hours.")]})
    if called_at >= ticket.created_at:
        return called_at
    # People say a minute: the one in which the ticket was filed is not before it.
    if ticket.created_at - called_at < A_MINUTE:
        return ticket.created_at
    raise InvalidInput({"at": [_("The call cannot have been before the ticket was filed.")]})
