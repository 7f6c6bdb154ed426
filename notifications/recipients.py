"""Who is to be told. People only: no programs, nobody who has left."""

from collections.abc import Iterable

from accounts.models import Role, User
from tickets.models import Ticket
from tickets.selectors import seen_by


def reachable(people: Iterable[User], *, but: int | None = None) -> list[User]:
    """Each of `people` once, without programs, those who left, and the person of the id `but`."""
    found = {person.pk: person for person in people}
    return [p for p in found.values() if p.is_active and not p.is_bot and p.pk != but]


def holders(ticket: Ticket) -> list[User]:
    """Whose work the ticket is: the assignee's, or the team's when nobody holds it who can still see it."""
    assignee = ticket.assignee
    if assignee is not None and reachable([assignee]) and seen_by(ticket, [assignee]):
        return [assignee]
    return team_of(ticket)


def watchers_of(ticket: Ticket, *, inside: bool = False, besides: Iterable[User] = ()) -> list[User]:
    """Who watches the ticket and may still see it, without those of `besides`, who are told anyway.

    `inside`: members of staff alone. Two queries.
    """
    told = {person.pk for person in besides}
    people = [row.user for row in ticket.watchers.select_related("user") if row.user_id not in told]
    return seen_by(ticket, [person for person in people if person.is_agent or not inside])


class Crew:
    """The same questions about many tickets at once: each team is asked for its people once."""

    def __init__(self) -> None:
        self._teams: dict[int | None, list[User]] = {}
        self._leads: dict[int | None, list[User]] = {}

    def holders(self, ticket: Ticket) -> list[User]:
        """As `holders`."""
        assignee = ticket.assignee
        if assignee is not None and reachable([assignee]) and self._works_on(assignee, ticket):
            return [assignee]
        return self.team_of(ticket)

    def _works_on(self, person: User, ticket: Ticket) -> bool:
        # Who is in the team or an administrator surely sees it; whoever else is asked about.
        return person.role == Role.ADMIN or person in self.team_of(ticket) or bool(seen_by(ticket, [person]))

    def team_of(self, ticket: Ticket) -> list[User]:
        """As `team_of`."""
        if ticket.team_id not in self._teams:
            self._teams[ticket.team_id] = team_of(ticket)
        return self._teams[ticket.team_id]

    def leads_of(self, ticket: Ticket) -> list[User]:
        """As `leads_of`."""
        if ticket.team_id not in self._leads:
            self._leads[ticket.team_id] = leads_of(ticket)
        return self._leads[ticket.team_id]


def team_of(ticket: Ticket) -> list[User]:
    """The people of the ticket's team; the administrators where there are none."""
    return _agents(memberships__team=ticket.team_id) or _administrators()


def leads_of(ticket: Ticket) -> list[User]:
    """Those who lead the ticket's team; the administrators where nobody does."""
    return _agents(memberships__team=ticket.team_id, memberships__leads=True) or _administrators()


def _agents(**of_team: object) -> list[User]:
    if of_team["memberships__team"] is None:
        return []
    people = User.objects.filter(**of_team, is_active=True, is_bot=False)
    return list(people.exclude(role=Role.CUSTOMER).order_by("pk"))


def _administrators() -> list[User]:
    return list(User.objects.filter(role=Role.ADMIN, is_active=True, is_bot=False).order_by("pk"))
