"""Reading questionnaires."""

from collections.abc import Iterable

from django.db.models import F

from surveys.models import Invitation, InvitationState
from surveys.tokens import invitation_id_of
from tickets.vocabulary import Status

_RESOLVED = frozenset({Status.RESOLVED, Status.CLOSED})
_OPENABLE = (InvitationState.SENT, InvitationState.ANSWERED, InvitationState.EXPIRED)


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation a link opens, with its ticket, people and answer; None when there is no such link."""
    invitation_id = invitation_id_of(token)
    if invitation_id is None:
        return None
    related = ("resolution__ticket", "recipient", "engineer", "answer")
    return Invitation.objects.select_related(*related).filter(pk=invitation_id, state__in=_OPENABLE).first()


def is_worth_asking(invitation: Invitation) -> bool:
    """Whether its ticket is still resolved as it was, and its recipient a customer who is still there."""
    ticket, recipient = invitation.resolution.ticket, invitation.recipient
    still_resolved = ticket.status in _RESOLVED and ticket.cycle == invitation.resolution.cycle
    return still_resolved and recipient.is_active and recipient.is_customer


def still_asking(invitations: Iterable[int]) -> set[int]:
    """Those of the ids whose invitation is out, unanswered, and about a ticket still resolved as it was."""
    found = Invitation.objects.filter(
        pk__in=set(invitations),
        state=InvitationState.SENT,
        resolution__ticket__status__in=sorted(_RESOLVED),
        resolution__cycle=F("resolution__ticket__cycle"),
    )
    return set(found.values_list("pk", flat=True))
