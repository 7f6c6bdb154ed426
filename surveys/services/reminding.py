"""Reminding once of a questionnaire nobody has answered yet."""

from datetime import datetime

import structlog
from django.db import transaction

from common.events import publish
from surveys.events import SurveyReminded
from surveys.models import Invitation, InvitationState
from surveys.selectors import is_worth_asking

log = structlog.get_logger(__name__)
BATCH = 100


def remind_due(*, at: datetime) -> int:
    """Remind of every invitation whose time for it has come at `at`; how many. Each in a transaction of its own.

    One that cannot be reminded of is logged and left for the next time; the others go on.
    """
    reminded = last = 0
    while ids := _due(at, after=last):
        for invitation_id in ids:
            try:
                reminded += _remind(invitation_id, at)
            except Exception:
                log.exception("survey_not_reminded", invitation=invitation_id)
        last = ids[-1]
    return reminded


def _due(at: datetime, *, after: int) -> list[int]:
    due = Invitation.objects.filter(remind_after__lte=at, pk__gt=after)
    return list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _remind(invitation_id: int, at: datetime) -> int:
    # The ticket's row is claimed too: an answer or a reopening under way is waited for by looking again next time.
    invitation = (
        Invitation.objects.select_for_update(skip_locked=True, of=("self", "resolution__ticket"), no_key=True)
        .select_related("resolution__ticket", "recipient")
        .filter(pk=invitation_id, remind_after__lte=at)
        .first()
    )
    if invitation is None:
        return 0
    invitation.remind_after = None
    invitation.save(update_fields=["remind_after"])
    if not _is_open(invitation, at) or not is_worth_asking(invitation):
        return 0
    publish(
        SurveyReminded(
            invitation_id=invitation.pk,
            ticket_id=invitation.resolution.ticket_id,
            recipient_id=invitation.recipient_id,
            at=at,
        )
    )
    return 1


def _is_open(invitation: Invitation, at: datetime) -> bool:
    ends = invitation.expires_at
    return invitation.state == InvitationState.SENT and ends is not None and at <= ends
