"""Keeping what is typed and not sent, on whatever device."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput
from common.text import clean_text
from tickets.models import HeldReply, Message, NotLeft, ReplyDraft, Ticket
from tickets.services.replying import BODY_LENGTH

# What the box is used for: a reply, a note, a phone call.
PUBLIC, NOTE, CALL = "public", "internal", "call"
KINDS = (PUBLIC, NOTE, CALL)
KEPT_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Typed:
    """What a reply box holds."""

    body: str = ""
    kind: str = PUBLIC
    files: Sequence[UUID] = ()


def save_draft(
    *, ticket: Ticket, author: User, typed: Typed, at: datetime, key: UUID | None = None
) -> ReplyDraft | None:
    """Keep what `author` has in the box of a ticket they may see; nothing typed deletes what was kept.

    `key` is the box's: what has been sent from it meanwhile is no draft any more. Raises InvalidInput for a text
    longer than a message may be.
    """
    body = clean_text(typed.body)
    if len(body) > BODY_LENGTH:
        raise InvalidInput({"body": [_("At most %(count)d characters, please.") % {"count": BODY_LENGTH}]})
    if _is_sent(ticket, author, key):
        return None
    if not body and not typed.files:
        drop_draft(ticket=ticket, author=author)
        return None
    kind = typed.kind if typed.kind in KINDS else PUBLIC
    return _store(ticket, author, Typed(body, kind, typed.files), at)


def _is_sent(ticket: Ticket, author: User, key: UUID | None) -> bool:
    if key is None:
        return False
    of_the_box = {"ticket": ticket, "author": author, "key": key}
    return Message.objects.filter(**of_the_box).exists() or HeldReply.objects.filter(**of_the_box).exists()


def _store(ticket: Ticket, author: User, typed: Typed, at: datetime, not_left: str = "") -> ReplyDraft:
    """One statement, so that two devices that save at once leave the later of the two."""
    fields = {
        "body": typed.body,
        "kind": typed.kind,
        "files": list(typed.files),
        "not_left": not_left,
        "updated_at": at,
    }
    draft = ReplyDraft(ticket=ticket, author=author, **fields)
    ReplyDraft.objects.bulk_create(
        [draft], update_conflicts=True, unique_fields=["author", "ticket"], update_fields=list(fields)
    )
    return draft


def put_back(*, held: HeldReply, typed: Typed | None, at: datetime, not_left: str = "") -> ReplyDraft:
    """Make a draft of a held reply. It joins what its author has typed since, `typed` or else their draft.

    The box stays what it was used for meanwhile, so that a note never becomes part of a reply unseen.
    """
    if typed is None:
        draft = ReplyDraft.objects.filter(ticket_id=held.ticket_id, author_id=held.author_id).first()
        typed = Typed(draft.body, draft.kind, draft.files) if draft else Typed()
    since = clean_text(typed.body)
    both = Typed(
        body="\n\n".join(text for text in (held.body, since) if text),
        kind=typed.kind if since and typed.kind in KINDS else PUBLIC,
        files=[*held.attachments.values_list("key", flat=True), *typed.files],
    )
    return _store(held.ticket, held.author, both, at, not_left)


def drop_draft(*, ticket: Ticket, author: User) -> None:
    """Forget what `author` had typed on the ticket."""
    ReplyDraft.objects.filter(ticket=ticket, author=author).delete()


def drop_old(*, at: datetime) -> int:
    """Delete the drafts that were left alone for KEPT_FOR; how many."""
    deleted, _by_model = ReplyDraft.objects.filter(updated_at__lt=at - KEPT_FOR).delete()
    return deleted


def why_not_left(code: str) -> str:
    """The sentence above the box about a reply that came back into it."""
    return _("Your reply did not leave: %(why)s. It is here again.") % {"why": NotLeft(code).label}
