"""Saying how tickets belong together: part of another, the same problem, related, split off."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput, NotAllowed
from common.events import publish
from tickets import policies
from tickets.events import TicketTouched
from tickets.models import LinkKind, Ticket, TicketLink
from tickets.services.history import record
from tickets.services.mergeable import no_such_ticket
from tickets.vocabulary import Status
from tickets.workflow import Party

# What people say; a split says it of itself.
CHOSEN = (LinkKind.PARENT, LinkKind.DUPLICATE, LinkKind.RELATED)
# What each of the two tickets' histories says: the one it is said of, and the other.
EVENTS: dict[str, tuple[str, str]] = {
    LinkKind.PARENT: ("linked_part", "linked_whole"),
    LinkKind.DUPLICATE: ("linked_same", "linked_same"),
    LinkKind.RELATED: ("linked_related", "linked_related"),
    LinkKind.SPLIT: ("split_from", "split_off"),
}


@transaction.atomic
def link(*, ticket_id: int, other_id: int, kind: str, actor: User, at: datetime) -> TicketLink:
    """Say that the ticket `ticket_id`, which the actor may see, belongs to `other_id` as `kind` (LinkKind) says.

    The actor has to work on both. A pair has one link. What is part of another has no parts itself, and a whole is
    part of nothing, so that no ring can come about. Raises NotAllowed or InvalidInput, and then changes nothing.
    """
    ticket, other = _locked(ticket_id, other_id, actor)
    _check(ticket, other, kind)
    return _tie(ticket, other, kind, actor, at)


def tie_split(*, made: Ticket, source: Ticket, actor: User, at: datetime) -> TicketLink:
    """Link a ticket that was just split off to its `source`, whoever may see either; the caller holds the lock."""
    return _tie(made, source, LinkKind.SPLIT, actor, at)


def _tie(ticket: Ticket, other: Ticket, kind: str, actor: User, at: datetime) -> TicketLink:
    made = TicketLink.objects.create(ticket=ticket, other=other, kind=kind, at=at)
    of_it, of_other = EVENTS[kind]
    _tell(ticket, other, of_it, actor, at)
    _tell(other, ticket, of_other, actor, at)
    return made


@transaction.atomic
def unlink(*, ticket_id: int, other_id: int, actor: User, at: datetime) -> Ticket:
    """Take the link between the two away; returns the first. Raises NotAllowed, or InvalidInput where there is none."""
    ticket, other = _locked(ticket_id, other_id, actor)
    gone, _rows = _between(ticket, other).exclude(kind=LinkKind.SPLIT).delete()
    if not gone:
        raise _refused(_("There is no link to %(number)s to take away.") % {"number": other.number})
    _tell(ticket, other, "unlinked", actor, at)
    _tell(other, ticket, "unlinked", actor, at)
    return ticket


def _locked(ticket_id: int, other_id: int, actor: User) -> tuple[Ticket, Ticket]:
    """Both, by id, lest two wait for each other; the other one as far as the actor may know of it."""
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in={ticket_id, other_id})
    found = {row.pk: row for row in rows.order_by("pk")}
    ticket, other = found[ticket_id], found.get(other_id)
    if Party.AGENT not in policies.parties(actor, ticket):
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    if other is None or Party.AGENT not in policies.parties(actor, other):
        raise no_such_ticket("other")
    return ticket, other


def _check(ticket: Ticket, other: Ticket, kind: str) -> None:
    if kind not in CHOSEN:
        raise InvalidInput({"kind": [_("Say how they belong together.")]})
    if ticket == other:
        raise _refused(_("A ticket cannot be linked to itself."))
    if _between(ticket, other).exists():
        raise _refused(_("These two are linked already. Take that link away first."))
    if Status.MERGED in {ticket.status, other.status}:
        raise _refused(_("One of the two was merged: link the ticket it goes on in."))
    if kind == LinkKind.PARENT:
        _check_levels(ticket, other)


def _check_levels(ticket: Ticket, other: Ticket) -> None:
    parents = TicketLink.objects.filter(kind=LinkKind.PARENT)
    if parents.filter(ticket=ticket).exists():
        raise _refused(_("%(number)s is part of another ticket already.") % {"number": ticket.number})
    if parents.filter(other=ticket).exists():
        raise _refused(
            _("%(number)s has parts of its own and cannot become a part.") % {"number": ticket.number}
        )
    if parents.filter(ticket=other).exists():
        raise _refused(
            _("%(number)s is itself a part; choose the ticket it belongs to.") % {"number": other.number}
        )


def _between(ticket: Ticket, other: Ticket) -> QuerySet[TicketLink]:
    return TicketLink.objects.filter(Q(ticket=ticket, other=other) | Q(ticket=other, other=ticket))


def _tell(ticket: Ticket, other: Ticket, event: str, actor: User, at: datetime) -> None:
    """Between colleagues: the other ticket may be somebody else's. Who split it off tells its own requester."""
    public = event in EVENTS[LinkKind.SPLIT] and ticket.requester_id == other.requester_id
    record(ticket=ticket, at=at, actor=actor, event=event, field="link", new=other.pk, is_public=public)
    publish(TicketTouched(ticket_id=ticket.pk, at=at, actor_id=actor.pk, what=event, internal=not public))


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput({"other": [sentence]})
