"""In what capacity somebody acts on a ticket, and what follows from it."""

from accounts.models import Role, User
from tickets.models import Attachment, Ticket
from tickets.workflow import Party


def parties(user: User, ticket: Ticket, *, team_roles: dict[int, bool] | None = None) -> frozenset[Party]:
    """The capacities of `user` on a ticket that is visible to them.

    `team_roles` maps the user's team ids to whether they lead them; given by callers that show many tickets,
    else read with one query.
    """
    found = set()
    if ticket.requester_id == user.pk or (
        user.is_customer
        and user.is_contact_manager
        and user.organisation_id is not None
        and user.organisation_id == ticket.organisation_id
    ):
        found.add(Party.REQUESTER)
    if user.role == Role.ADMIN:
        found |= {Party.AGENT, Party.LEAD}
    elif user.is_agent and ticket.team_id is not None:
        roles = team_roles if team_roles is not None else roles_in_teams(user)
        if ticket.team_id in roles:
            found.add(Party.AGENT)
            if user.role == Role.MANAGER and roles[ticket.team_id]:
                found.add(Party.LEAD)
    return frozenset(found)


def roles_in_teams(user: User) -> dict[int, bool]:
    """The ids of the teams `user` is in, each with whether they lead it. One query."""
    return dict(user.memberships.values_list("team_id", "leads"))


def may_note(user: User, ticket: Ticket) -> bool:
    """Internal notes are read and written by agents of the ticket only, never by a customer."""
    return Party.AGENT in parties(user, ticket)


def may_fetch(user: User, attachment: Attachment) -> bool:
    """A file is its uploader's until it is claimed; then whoever sees the ticket fetches it, of a note its
    agents alone. Reads what the file belongs to: load `ticket` and `message` with it.
    """
    ticket, message = attachment.ticket, attachment.message
    if ticket is None:
        return attachment.uploaded_by_id == user.pk
    if not Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists():
        return False
    return message is None or not message.is_internal or may_note(user, ticket)
