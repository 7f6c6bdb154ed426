"""What happens to questionnaires. Published inside the changing transaction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SurveyReminded:
    """The one reminder of an invitation is to leave the house."""

    invitation_id: int
    ticket_id: int
    recipient_id: int
    at: datetime


@dataclass(frozen=True)
class SurveySent:
    """An invitation is to leave the house."""

    invitation_id: int
    ticket_id: int
    recipient_id: int
    at: datetime
