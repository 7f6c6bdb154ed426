"""Putting right what a ticket is about: its subject, product, module and category."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput, NotAllowed
from common.events import publish
from common.text import clean_line
from tickets import policies
from tickets.events import TicketDescribed, TicketTouched
from tickets.models import Ticket
from tickets.models.ticket import SUBJECT_LENGTH
from tickets.services.errors import StaleVersion
from tickets.services.history import record
from tickets.services.indexing import index
from tickets.services.weighing import WEIGHED, weigh_anew
from tickets.workflow import Party

# Texts with their longest, and rows chosen from a list.
TEXTS: Mapping[str, int] = {"subject": SUBJECT_LENGTH, "edition": 60, "product_version": 40}
CHOSEN = ("product", "module", "category")
DESCRIBED = (*TEXTS, *CHOSEN)
# Of these the tier depends.
WEIGHTY = frozenset({"module", "category"})


@transaction.atomic
def describe(
    *, ticket_id: int, changes: Mapping[str, Any], actor: User, at: datetime, version: int | None = None
) -> Ticket:
    """Give a ticket the actor works on other particulars, at the instant `at`; returns the ticket.

    `changes` maps names of DESCRIBED to texts, or rows of the catalogue (None: not said). What is as it was is no
    change. A tier that came of the answers is weighed again; the team stays, handing over is a step of its own.
    `version` is what the caller saw; None skips the comparison. Raises StaleVersion, NotAllowed or InvalidInput,
    and then changes nothing.
    """
    ticket = _held(ticket_id, actor, version)
    new = _differing(ticket, _checked(ticket, changes))
    if not new:
        return ticket
    was_consultation = bool(ticket.category and ticket.category.is_consultation)
    for name, value in new.items():
        old, now = stored(getattr(ticket, name)), stored(value)
        record(ticket=ticket, at=at, actor=actor, event="described", field=name, old=old, new=now)
        setattr(ticket, name, value)
    weighed = None
    if WEIGHTY & set(new):
        weighed = weigh_anew(ticket=ticket, was_consultation=was_consultation, at=at)
    ticket.version += 1
    ticket.updated_at = at
    ticket.save(update_fields=[*new, "version", "updated_at", *WEIGHED])
    if "subject" in new:
        index(ticket)
    if weighed is not None:
        publish(weighed)
    about: dict[str, Any] = {"ticket_id": ticket.pk, "at": at, "actor_id": actor.pk}
    publish(TicketDescribed(**about, fields=frozenset(new)))
    publish(TicketTouched(**about, what="described"))
    ticket.refresh_from_db(fields=["next_due_at"])
    return ticket


def stored(value: Any) -> Any:
    """What history keeps of a value: a row's id, a text as it is, nothing for an empty one."""
    return getattr(value, "pk", value) or None


def _held(ticket_id: int, actor: User, version: int | None) -> Ticket:
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("organisation", *CHOSEN)
    ticket = rows.get(pk=ticket_id)
    if Party.AGENT not in policies.parties(actor, ticket):
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    if version is not None and version != ticket.version:
        raise StaleVersion(ticket)
    return ticket


def _checked(ticket: Ticket, changes: Mapping[str, Any]) -> dict[str, Any]:
    found, errors = dict(changes), dict[str, list[str]]()
    for name in set(changes) & set(TEXTS):
        found[name] = clean_line(changes[name])
        if len(found[name]) > TEXTS[name]:
            errors[name] = [_("At most %(count)d characters, please.") % {"count": TEXTS[name]}]
    if found.get("subject") == "":
        errors["subject"] = [_("Say in one line what is wrong.")]
    for name in set(changes) & set(CHOSEN):
        row = changes[name]
        if row is not None and not row.is_active and row != getattr(ticket, name):
            errors[name] = [_("This one is not in use any more.")]
    if errors:
        raise InvalidInput(errors)
    return found


def _differing(ticket: Ticket, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is another than before, in a settled order, so that histories read alike."""
    return {
        name: changes[name]
        for name in DESCRIBED
        if name in changes and changes[name] != getattr(ticket, name)
    }
