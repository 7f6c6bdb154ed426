"""What the handbook has to say on a ticket."""

from knowledgebase.models import Article
from knowledgebase.selectors import matching
from tickets.views.ticket.reader import Reader


def matches_of(reader: Reader) -> list[Article]:
    """The articles most likely to help, in the customer's language: what is sent is read by them."""
    ticket = reader.ticket
    return matching(
        reader.user,
        f"{ticket.subject} {ticket.description}",
        product=ticket.product,
        module=ticket.module,
        language=ticket.requester.language,
    )
