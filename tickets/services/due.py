"""The board's order: when a ticket's next promise falls due."""

from datetime import datetime

from tickets.models import Ticket


def set_next_due(*, ticket_id: int, due_at: datetime | None) -> None:
    """Store the earliest due moment of the ticket's running clocks. No version: nothing a person decides on."""
    Ticket.objects.filter(pk=ticket_id).update(next_due_at=due_at)
