"""Keeping a ticket's search column."""

from common import search
from tickets.models import Ticket


def index(ticket: Ticket) -> None:
    """Store what the ticket is found by: its subject above all, then its description."""
    vector = search.document({"A": f"{ticket.subject} {ticket.source_ref}", "B": ticket.description})
    Ticket.objects.filter(pk=ticket.pk).update(search=vector)
