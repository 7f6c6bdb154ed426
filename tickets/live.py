"""Who hears that a ticket changed. The message says which ticket, never what is in it."""

from collections.abc import Sequence

from accounts.models import Role, User
from common.live import announce, ask_all_to_catch_up
from tickets.events import OrganisationChanged, ReplyHeld, TicketHandedOver, TicketTouched
from tickets.models import Ticket
from tickets.policies import roles_in_teams

# More changes at once than a page would fetch one by one.
SWARM = 20


def channels_for(user: User) -> set[str]:
    """The channels `user` may listen to; the same rule as `visible_to`."""
    channels = {f"user:{user.pk}"}
    if user.role == Role.ADMIN:
        channels.add("staff")
    elif user.is_agent:
        channels |= {f"team:{team_id}" for team_id in roles_in_teams(user)}
    elif user.is_contact_manager and user.organisation_id:
        channels.add(f"organisation:{user.organisation_id}")
    return channels


def announce_touched(event: TicketTouched) -> None:
    """Subscriber: tell the pages that show the ticket, once the change is committed."""
    ticket = Ticket.objects.only("team_id", "requester_id", "organisation_id", "version", "status").get(
        pk=event.ticket_id
    )
    announce_ticket(ticket, what=event.what, internal=event.internal)


def announce_handed_over(event: TicketHandedOver) -> None:
    """Subscriber: the team that had the ticket hears of it too, or it would stay on their boards."""
    if event.old_team_id is None:
        return
    ticket = Ticket.objects.only("version").get(pk=event.ticket_id)
    message = {"event": "ticket", "number": ticket.number, "what": "hand_over", "version": ticket.version}
    announce({f"team:{event.old_team_id}"}, message)


def announce_rehomed(event: OrganisationChanged) -> None:
    """Subscriber: the organisation that had the ticket hears of it too, or it would stay on their pages."""
    if event.old is None:
        return
    ticket = Ticket.objects.only("version").get(pk=event.ticket_id)
    message = {"event": "ticket", "number": ticket.number, "what": "rehomed", "version": ticket.version}
    announce({f"organisation:{event.old}"}, message)


def announce_held(event: ReplyHeld) -> None:
    """Subscriber: the other pages its author has open show it too, or show it no more. Nobody else hears of it."""
    ticket = Ticket(pk=event.ticket_id)
    announce({f"user:{event.actor_id}"}, {"event": "held", "number": ticket.number})


def announce_ticket(ticket: Ticket, *, what: str, internal: bool = False) -> None:
    """Tell those who may see the ticket; of something internal, staff alone."""
    channels = {"staff"}
    if ticket.team_id:
        channels.add(f"team:{ticket.team_id}")
    if not internal:
        channels.add(f"user:{ticket.requester_id}")
        if ticket.organisation_id:
            channels.add(f"organisation:{ticket.organisation_id}")
    announce(channels, {"event": "ticket", "number": ticket.number, "what": what, "version": ticket.version})


def announce_presence(ticket: Ticket) -> None:
    """Tell staff who may see the ticket that somebody came, went or does something else there. No customer hears it."""
    channels = {"staff"} | ({f"team:{ticket.team_id}"} if ticket.team_id else set())
    announce(channels, {"event": "presence", "number": ticket.number})


def announce_tickets(tickets: Sequence[Ticket], *, what: str) -> None:
    """The same of many that changed together. A swarm of them asks every page to look for itself instead."""
    if len(tickets) > SWARM:
        ask_all_to_catch_up()
        return
    for ticket in tickets:
        announce_ticket(ticket, what=what)
