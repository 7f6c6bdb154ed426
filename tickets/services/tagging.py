"""Tags: a team's own words on a ticket, between colleagues."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput, NotAllowed
from common.events import publish
from common.text import clean_line
from tickets import policies
from tickets.events import TicketTouched
from tickets.models import Ticket
from tickets.services.errors import NothingToChange, StaleVersion
from tickets.services.history import record
from tickets.workflow import Party

TAG_LENGTH = 30
MOST_TAGS = 20


@transaction.atomic
def add_tag(*, ticket_id: int, tag: str, actor: User, at: datetime, version: int | None = None) -> Ticket:
    """Put `tag` on a ticket the actor may see; one that differs in case alone is the same.

    `version` is what the caller saw; None skips the comparison. Raises StaleVersion, NotAllowed or InvalidInput
    (empty, longer than 30 characters, a 21st; NothingToChange: there already), and then changes nothing.
    """
    ticket, tag = _held(ticket_id, actor, version), _checked(tag)
    if _same(ticket, tag) is not None:
        raise NothingToChange({"tag": [_("It has this tag already.")]})
    if len(ticket.tags) >= MOST_TAGS:
        raise _refused(_("A ticket has at most %(count)d tags.") % {"count": MOST_TAGS})
    record(ticket=ticket, at=at, actor=actor, event="tagged", field="tag", new=tag, is_public=False)
    return _store(ticket, [*ticket.tags, tag], actor, at, "tagged")


@transaction.atomic
def remove_tag(*, ticket_id: int, tag: str, actor: User, at: datetime, version: int | None = None) -> Ticket:
    """Take `tag` off a ticket the actor may see. Raises as `add_tag`; NothingToChange where it is not on it."""
    ticket, tag = _held(ticket_id, actor, version), _checked(tag)
    found = _same(ticket, tag)
    if found is None:
        raise NothingToChange({"tag": [_("It does not have this tag.")]})
    record(ticket=ticket, at=at, actor=actor, event="untagged", field="tag", old=found, is_public=False)
    return _store(ticket, [other for other in ticket.tags if other != found], actor, at, "untagged")


@transaction.atomic
def set_tags(
    *, ticket_id: int, tags: Sequence[str], actor: User, at: datetime, version: int | None = None
) -> Ticket:
    """Give a ticket the actor works on these tags and no others. Raises as `add_tag`, but one that is there stays."""
    ticket, wanted = _held(ticket_id, actor, version), _each_once(tags)
    if len(wanted) > MOST_TAGS:
        raise _refused(_("A ticket has at most %(count)d tags.") % {"count": MOST_TAGS})
    kept = [tag for tag in ticket.tags if tag.casefold() in wanted]
    new = [tag for folded, tag in wanted.items() if folded not in {old.casefold() for old in kept}]
    gone = [tag for tag in ticket.tags if tag not in kept]
    if not new and not gone:
        return ticket
    told: dict[str, Any] = {"ticket": ticket, "at": at, "actor": actor, "field": "tag", "is_public": False}
    for tag in gone:
        record(event="untagged", old=tag, **told)
    for tag in new:
        record(event="tagged", new=tag, **told)
    return _store(ticket, [*kept, *new], actor, at, "tagged" if new else "untagged")


def _each_once(tags: Sequence[str]) -> dict[str, str]:
    """Tags by how they are compared; of two that read alike the first."""
    found: dict[str, str] = {}
    for tag in map(_checked, tags):
        found.setdefault(tag.casefold(), tag)
    return found


def _held(ticket_id: int, actor: User, version: int | None) -> Ticket:
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if Party.AGENT not in policies.parties(actor, ticket):
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    if version is not None and version != ticket.version:
        raise StaleVersion(ticket)
    return ticket


def _checked(tag: str) -> str:
    tag = clean_line(tag)
    if not tag:
        raise _refused(_("Say which tag."))
    if len(tag) > TAG_LENGTH:
        raise _refused(_("At most %(count)d characters, please.") % {"count": TAG_LENGTH})
    return tag


def _same(ticket: Ticket, tag: str) -> str | None:
    """The ticket's tag that reads like `tag`, if it has one."""
    return next((other for other in ticket.tags if other.casefold() == tag.casefold()), None)


def _store(ticket: Ticket, tags: list[str], actor: User, at: datetime, what: str) -> Ticket:
    ticket.tags = tags
    ticket.version += 1
    ticket.updated_at = at
    ticket.save(update_fields=["tags", "version", "updated_at"])
    publish(TicketTouched(ticket_id=ticket.pk, at=at, actor_id=actor.pk, what=what, internal=True))
    return ticket


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput({"tag": [sentence]})
