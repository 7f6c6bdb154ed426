"""Reading what somebody has written and not sent, for themselves alone."""

from accounts.models import User
from tickets.models import HeldReply, ReplyDraft, Ticket

# Drafts listed at once; who has more sees the newest.
SHOWN = 50


def held_by(user: User, ticket: Ticket) -> HeldReply | None:
    """The reply of theirs that has not left yet. One query."""
    return HeldReply.objects.filter(ticket=ticket, author=user).prefetch_related("attachments").first()


def draft_of(user: User, ticket: Ticket) -> ReplyDraft | None:
    """What they have typed on a ticket. One query."""
    return ReplyDraft.objects.filter(ticket=ticket, author=user).first()


def drafts_of(user: User) -> list[ReplyDraft]:
    """What they have typed anywhere, the newest first; `sees_ticket` says whether the ticket is theirs to see.

    Two queries.
    """
    drafts = list(ReplyDraft.objects.filter(author=user).select_related("ticket")[:SHOWN])
    about = Ticket.objects.filter(pk__in={draft.ticket_id for draft in drafts})
    visible = set(about.visible_to(user).values_list("pk", flat=True)) if drafts else set()
    for draft in drafts:
        draft.sees_ticket = draft.ticket_id in visible
    return drafts
