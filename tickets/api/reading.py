"""Finding the tickets an endpoint is about."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.selectors import listed


def whole(tickets: TicketQuerySet) -> QuerySet[Ticket]:
    """`tickets` with all that `TicketSerializer` writes, the description too."""
    return listed(tickets).defer(None).defer("resolution", "search")


def find(user: User, number: str) -> Ticket:
    """The ticket of that number. Raises Http404 where there is none, or it is somebody else's."""
    found = whole(Ticket.objects.visible_to(user).numbered(number)).first()
    if found is None:
        raise Http404
    return found


def sees(user: User, ticket: Ticket) -> bool:
    """Whether the ticket is theirs to know of."""
    return Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()


def again(ticket: Ticket) -> Ticket:
    """The ticket as it stands after a change of the caller's, who may have given it out of sight with it."""
    return whole(Ticket.objects.filter(pk=ticket.pk)).get()
