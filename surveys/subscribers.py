"""What happens to questionnaires when something happens to a ticket."""

from surveys.services.inviting import invite, withdraw
from tickets.events import TicketReopened, TicketResolved


def on_resolved(event: TicketResolved) -> None:
    """One invitation a resolution."""
    invite(resolution_id=event.resolution_id, at=event.at)


def on_reopened(event: TicketReopened) -> None:
    """What has not been sent is not sent."""
    withdraw(ticket_id=event.ticket_id)
