"""Watching a ticket: to be told what happens on it without holding it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput, NotAllowed
from common.events import publish
from tickets import policies
from tickets.events import TicketTouched
from tickets.models import Ticket, Watcher
from tickets.services.history import record
from tickets.workflow import Party

MOST_WATCHERS = 30


@transaction.atomic
def watch(*, ticket_id: int, user: User, actor: User, at: datetime) -> Ticket:
    """Have `user` watch a ticket the actor may see; watching already is no mistake.

    Oneself, or, for those who work on the ticket, anybody who may see it. Its requester is told anyway. Raises
    NotAllowed or InvalidInput, and then changes nothing.
    """
    ticket = _held(ticket_id, user, actor)
    if user.pk == ticket.requester_id:
        raise _refused(_("The requester is told of everything anyway."))
    if not _may_watch(user, ticket):
        raise _refused(_("%(name)s cannot see this ticket.") % {"name": user})
    if Watcher.objects.filter(ticket=ticket, user=user).exists():
        return ticket
    if ticket.watchers.count() >= MOST_WATCHERS:
        raise _refused(_("A ticket has at most %(count)d watchers.") % {"count": MOST_WATCHERS})
    Watcher.objects.create(ticket=ticket, user=user, since=at)
    _tell(ticket, actor, at, "watched", user)
    return ticket


@transaction.atomic
def unwatch(*, ticket_id: int, user: User, actor: User, at: datetime) -> Ticket:
    """Have `user` watch the ticket no more; not having watched it is no mistake. Raises NotAllowed as `watch`."""
    ticket = _held(ticket_id, user, actor)
    gone, _rows = Watcher.objects.filter(ticket=ticket, user=user).delete()
    if gone:
        _tell(ticket, actor, at, "unwatched", user)
    return ticket


def _held(ticket_id: int, user: User, actor: User) -> Ticket:
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    parties = policies.parties(actor, ticket)
    if Party.AGENT not in parties and not (user == actor and parties):
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    return ticket


def _may_watch(user: User, ticket: Ticket) -> bool:
    if not user.is_active or user.is_bot:
        return False
    return Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()


def _tell(ticket: Ticket, actor: User, at: datetime, what: str, user: User) -> None:
    """Between colleagues: who watches is nobody else's to know. Whoever did it has the answer to their request."""
    record(ticket=ticket, at=at, actor=actor, event=what, field="watcher", new=user.pk, is_public=False)
    publish(TicketTouched(ticket_id=ticket.pk, at=at, actor_id=actor.pk, what=what, internal=True))


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput({"watcher": [sentence]})
