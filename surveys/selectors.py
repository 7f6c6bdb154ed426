"""Reading questionnaires."""

from surveys.models import Invitation, InvitationState
from surveys.tokens import invitation_id_of

_OPENABLE = (InvitationState.SENT, InvitationState.ANSWERED, InvitationState.EXPIRED)


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation a link opens, with its ticket, people and answer; None when there is no such link."""
    invitation_id = invitation_id_of(token)
    if invitation_id is None:
        return None
    related = ("resolution__ticket", "recipient", "engineer", "answer")
    return Invitation.objects.select_related(*related).filter(pk=invitation_id, state__in=_OPENABLE).first()
