"""Holding a reply back for a moment in which its author may still change their mind.

Whoever touches a held reply locks its ticket first: its author who takes it back, their page or the sweep that lets
it go, a step of theirs that must not overtake it. So it leaves once or not at all, and nobody waits in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DeskError, NotAllowed
from common.events import publish
from tickets import policies
from tickets.events import ReplyHeld, ReplyNotLeft, StepAhead
from tickets.models import Attachment, HeldReply, NotLeft, ReplyDraft, Ticket
from tickets.services.asking import reply_and_wait
from tickets.services.attaching import check_number
from tickets.services.drafting import Typed, put_back
from tickets.services.errors import ActionNotPossible, AnsweredMeanwhile, ReplyInTheWay, SettledMeanwhile
from tickets.services.replying import Reply, checked, reply, sent_before, warn_of_changes
from tickets.services.stepping import let_held_leave
from tickets.services.transition import Inputs, permitted_change
from tickets.workflow import Party

log = structlog.get_logger(__name__)
BATCH = 200
# So long before a promise falls due it leaves at the latest: the sweep looks every two seconds.
IN_TIME = timedelta(seconds=5)
WHY: dict[type[DeskError], NotLeft] = {
    AnsweredMeanwhile: NotLeft.ANSWERED,
    SettledMeanwhile: NotLeft.SETTLED,
    NotAllowed: NotLeft.NOT_YOURS,
    ActionNotPossible: NotLeft.NO_WAITING,
}


@dataclass(frozen=True)
class Gone:
    """What became of a held reply: what was written, or why not (the sentence) and its text as a draft."""

    written: Reply | None = None
    refusal: str = ""
    draft: ReplyDraft | None = None


@transaction.atomic
def hold(
    *,
    ticket_id: int,
    author: User,
    body: str,
    at: datetime,
    waits: bool = False,
    attachments: Sequence[Attachment] = (),
    key: UUID,
    seen: int | None = None,
    going_on: bool = False,
) -> Reply:
    """Keep a public reply of staff for `settings.REPLY_UNDO` from `at`, less if a promise presses; then it leaves.

    Everything `reply` (with `waits`: `reply_and_wait`) would refuse is refused now. The same key again holds
    nothing a second time. What the author held on the ticket before leaves at once. Raises what `reply` raises.
    """
    ticket = _locked(ticket_id)
    if Party.AGENT not in policies.parties(author, ticket):
        raise NotAllowed(_("You may not write on %(number)s.") % {"number": ticket.number})
    earlier = sent_or_held(ticket=ticket, author=author, key=key)
    if earlier is not None:
        return earlier
    let_held_leave(ticket=ticket, actor=author, at=at)
    text = checked(body)
    warn_of_changes(ticket=ticket, author=author, seen=seen, going_on=going_on)
    check_number(attachments)
    if waits:
        permitted_change(ticket, "wait_customer", author, at, Inputs())
    held = HeldReply.objects.create(
        ticket=ticket, author=author, key=key, body=text, waits=waits, seen=seen,
        created_at=at, leaves_at=_moment(ticket, at),
    )  # fmt: skip
    ids = [attachment.pk for attachment in attachments]
    Attachment.objects.filter(pk__in=ids, ticket=None, held=None, uploaded_by=author).update(held=held)
    publish(ReplyHeld(ticket_id=ticket.pk, at=at, actor_id=author.pk))
    return Reply(ticket=ticket, message=None, held=held)


def _moment(ticket: Ticket, at: datetime) -> datetime:
    """When it leaves. Not after a promise falls due that it may keep: one that presses makes the time shorter."""
    usual, due = at + settings.REPLY_UNDO, ticket.next_due_at
    if due is None or due <= at:
        return usual
    return max(at, min(usual, due - IN_TIME))


def sent_or_held(*, ticket: Ticket, author: User, key: UUID | None) -> Reply | None:
    """What an earlier sending with that key came to; None if there was none. Sure only under the ticket's lock."""
    held = HeldReply.objects.filter(ticket=ticket, author=author, key=key).first() if key else None
    if held is not None:
        return Reply(ticket=ticket, message=None, repeated=True, held=held)
    return sent_before(ticket=ticket, author=author, key=key)


@transaction.atomic
def take_back(
    *, ticket_id: int, author: User, key: UUID, at: datetime, typed: Typed | None = None
) -> ReplyDraft | None:
    """Make a draft of what `author` holds under `key`, joined with what they have `typed` since.

    None if nothing is held: it has left.
    """
    _locked(ticket_id)
    held = _held(ticket_id=ticket_id, author=author, key=key)
    if held is None:
        return None
    draft = put_back(held=held, typed=typed, at=at)
    held.delete()
    publish(ReplyHeld(ticket_id=ticket_id, at=at, actor_id=author.pk))
    return draft


@transaction.atomic
def let_go(
    *, ticket_id: int, author: User, key: UUID, at: datetime, typed: Typed | None = None
) -> Gone | None:
    """Let what `author` holds under `key` leave now; None if nothing is held: it has left, or was put back.

    What is refused is put back, joined with what they have `typed` since.
    """
    _locked(ticket_id)
    held = _held(ticket_id=ticket_id, author=author, key=key)
    return _gone(held, at, typed) if held else None


def let_go_due(*, at: datetime) -> int:
    """Let every reply leave whose moment has come at `at`; how many are held no longer. One somebody else has in hand
    is passed over.

    One that cannot be handled is logged and left for the next sweep; the others go on.
    """
    due = HeldReply.objects.filter(leaves_at__lte=at).order_by("leaves_at").values_list("pk", flat=True)
    return sum(_let_go_one(pk, at) for pk in list(due[:BATCH]))


def _let_go_one(held_id: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            free = Ticket.objects.select_for_update(skip_locked=True, of=("self",))
            ticket = free.filter(held_replies=held_id).first()
            held = _held(pk=held_id) if ticket else None
            return held is not None and _gone(held, at, None) is not None
    except Exception:
        # One that always fails would keep the others waiting for ever.
        log.exception("held_reply_failed", held=held_id)
        return False


def leave_first(event: StepAhead) -> None:
    """Subscriber: what the actor holds on the ticket leaves before their step. Its refusal refuses the step."""
    held = _held(ticket_id=event.ticket_id, author_id=event.actor_id)
    if held is None:
        return
    try:
        _leave(held, event.at)
    except DeskError as error:
        raise ReplyInTheWay(_why(error)) from error


def _locked(ticket_id: int) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)


def _held(**which: object) -> HeldReply | None:
    return HeldReply.objects.select_related("ticket", "author").filter(**which).first()


def _gone(held: HeldReply, at: datetime, typed: Typed | None) -> Gone:
    held_id = held.pk
    try:
        with transaction.atomic():
            return Gone(written=_leave(held, at))
    except DeskError as error:
        refused = HeldReply.objects.select_related("ticket", "author").get(pk=held_id)
        why = _why(error)
        draft = put_back(held=refused, typed=typed, at=at, not_left=why)
        refused.delete()
        author_id, ticket_id = refused.author_id, refused.ticket_id
        publish(ReplyNotLeft(ticket_id=ticket_id, at=at, actor_id=None, author_id=author_id, why=why))
        return Gone(refusal=error.message, draft=draft)


def _why(error: DeskError) -> NotLeft:
    return WHY.get(type(error), NotLeft.REFUSED)


def _leave(held: HeldReply, at: datetime) -> Reply:
    """The message, written at `at`. Raises what refuses it; the reply is then held as before."""
    ticket, files = held.ticket, list(held.attachments.all())
    ended = max(filter(None, (ticket.resolved_at, ticket.closed_at)), default=None)
    if ended is not None and ended > held.created_at:
        raise SettledMeanwhile(ticket)
    held.delete()
    send = reply_and_wait if held.waits else reply
    return send(
        ticket_id=ticket.pk,
        author=held.author,
        body=held.body,
        at=at,
        attachments=files,
        key=held.key,
        seen=held.seen,
    )
