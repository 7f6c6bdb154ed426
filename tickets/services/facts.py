"""Facts about a ticket's conversation, read when they are frozen."""

from django.db.models import Count, Max, Q

from tickets.models import MessageKind, Ticket


def first_contact_sufficed(ticket: Ticket) -> bool:
    """Whether the first contact sufficed, as far as can be told now (source: FCR on the product page).

    Exactly one public reply by staff (or one logged call, which is such a message too), no customer message after
    it, never handed over, never reopened.
    What happens within the 7 days after the resolution is judged when the figure is read.
    """
    public = Q(kind=MessageKind.PUBLIC, is_automatic=False)
    facts = ticket.messages.aggregate(
        replies=Count("id", filter=public & Q(by_staff=True)),
        last_reply=Max("at", filter=public & Q(by_staff=True)),
        last_question=Max("at", filter=public & Q(by_staff=False)),
    )
    asked_again = facts["last_question"] is not None and (
        facts["last_reply"] is None or facts["last_question"] >= facts["last_reply"]
    )
    return facts["replies"] == 1 and not asked_again and ticket.handovers == 0 and ticket.cycle == 1
