"""Who looks at which ticket, and in what capacity: the door every view of the page goes through."""

from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest

from accounts.models import User
from tickets import policies
from tickets.models import Ticket
from tickets.selectors import ticket_detail
from tickets.workflow import Action, Party, available


@dataclass(frozen=True)
class Reader:
    """Somebody who may see a ticket. `internal`: as one of its agents, who read notes and the whole history."""

    user: User
    ticket: Ticket
    parties: frozenset[Party]

    @property
    def internal(self) -> bool:
        """Whether the page of agents is shown; anybody else reads the customers'."""
        return Party.AGENT in self.parties

    @property
    def leads(self) -> bool:
        """Whether they may put right whose ticket it is."""
        return Party.LEAD in self.parties

    @property
    def may_watch(self) -> bool:
        """Whether they can have themselves told of what happens; the requester is told anyway."""
        return bool(self.parties) and self.ticket.requester_id != self.user.pk

    @property
    def last_change(self) -> int:
        """The newest change the ticket shows, of those the reader may know of: every change writes a history row."""
        name = "last_change" if self.internal else "last_public_change"
        return getattr(self.ticket, name, None) or 0

    @property
    def layout(self) -> str:
        """The frame around the page."""
        return "layouts/desk.html" if self.internal else "layouts/site.html"

    @property
    def actions(self) -> list[Action]:
        """What the reader may do with the ticket now."""
        return available(self.ticket.status, self.parties)


def reader_of(request: HttpRequest, number: str) -> Reader:
    """The reader of the ticket of that number. Raises Http404 when it is not theirs to see."""
    reader = still_reader(cast(User, request.user), number)
    if reader is None:
        raise Http404
    return reader


def still_reader(user: User, number: str) -> Reader | None:
    """The ticket as `user` sees it now; None when it is not, or no more, theirs to see."""
    ticket = ticket_detail(user, number)
    return Reader(user, ticket, policies.parties(user, ticket)) if ticket else None
