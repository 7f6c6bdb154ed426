"""Putting a ticket right that was filed under the wrong organisation."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from common.errors import InvalidInput, NotAllowed
from common.events import publish
from tickets import policies
from tickets.events import OrganisationChanged, TicketTouched
from tickets.models import Ticket
from tickets.services.errors import StaleVersion
from tickets.services.history import record
from tickets.services.stepping import let_held_leave
from tickets.services.weighing import WEIGHED, weigh_again
from tickets.workflow import Party


@transaction.atomic
def change_organisation(
    *,
    ticket_id: int,
    organisation: Organisation | None,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Ticket:
    """Give a ticket the actor may see to `organisation` (None: to none), at the instant `at`.

    For those who lead the ticket's team and administrators. Inside a closing window of theirs it weighs one tier
    more. `version` is what the caller saw; None skips the comparison. Raises StaleVersion, NotAllowed or
    InvalidInput, and then changes nothing.
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if Party.LEAD not in policies.parties(actor, ticket):
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    if version is not None and version != ticket.version:
        raise StaleVersion(ticket)
    let_held_leave(ticket=ticket, actor=actor, at=at)
    _check(ticket, organisation)
    old, new = ticket.organisation_id, organisation.pk if organisation else None
    ticket.organisation = organisation
    ticket.version += 1
    ticket.updated_at = at
    # Whose ticket it was, and whose it is, no other company is told.
    told: dict[str, Any] = {"event": "rehomed", "field": "organisation", "old": old, "new": new}
    record(ticket=ticket, at=at, actor=actor, is_public=False, **told)
    weighed = weigh_again(ticket=ticket, at=at)
    ticket.save(update_fields=["organisation", "version", "updated_at", *WEIGHED])
    publish(OrganisationChanged(ticket_id=ticket.pk, at=at, actor_id=actor.pk, old=old, new=new))
    if weighed is not None:
        publish(weighed)
    publish(TicketTouched(ticket_id=ticket.pk, at=at, actor_id=actor.pk, what="rehomed"))
    return ticket


def _check(ticket: Ticket, organisation: Organisation | None) -> None:
    if organisation is not None and not organisation.is_active:
        raise InvalidInput({"organisation": [_("Choose an organisation that is in use.")]})
    if ticket.organisation_id == (organisation.pk if organisation else None):
        raise InvalidInput({"organisation": [_("It belongs there already.")]})
