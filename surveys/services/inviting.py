"""Planning a questionnaire when a ticket is resolved, and dropping it when the ticket goes on."""

from datetime import datetime

from django.conf import settings

from surveys.models import Invitation, InvitationState
from tickets.models import Resolution


def invite(*, resolution_id: int, at: datetime) -> Invitation | None:
    """Plan the one invitation of a resolution; none for staff. Engineer and team are frozen here."""
    resolution = Resolution.objects.select_related("ticket__requester").get(pk=resolution_id)
    requester = resolution.ticket.requester
    if requester.is_agent or requester.is_bot:
        return None
    return Invitation.objects.create(
        resolution=resolution,
        recipient=requester,
        engineer_id=resolution.resolved_by_id,
        team_id=resolution.team_id,
        send_after=at + settings.SURVEY_DELAY,
    )


def withdraw(*, ticket_id: int) -> None:
    """Cancel what has not been sent: the ticket was reopened."""
    pending = Invitation.objects.filter(resolution__ticket=ticket_id, state=InvitationState.PENDING)
    pending.update(state=InvitationState.CANCELLED)
