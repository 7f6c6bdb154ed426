"""Sending the questionnaires whose time has come, and closing those nobody answered."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from common.events import publish
from surveys.events import SurveySent
from surveys.models import Invitation, InvitationState
from surveys.selectors import is_worth_asking

log = structlog.get_logger(__name__)
BATCH = 100
VALID_FOR = timedelta(days=14)
REMIND_AFTER = timedelta(days=3)
RECOMMENDATION_EVERY = timedelta(days=30)


def send_due(*, at: datetime) -> int:
    """Send every invitation that is due at `at`; how many. Each in a transaction of its own.

    One that cannot be sent is logged and left for the next time; the others go on.
    """
    sent, last = 0, 0
    while ids := _due(at, after=last):
        for invitation_id in ids:
            try:
                sent += _send(invitation_id, at)
            except Exception:
                log.exception("survey_not_sent", invitation=invitation_id)
        last = ids[-1]
    return sent


def expire(*, at: datetime) -> int:
    """Close the invitations whose two weeks are over without an answer; how many."""
    sent = Invitation.objects.filter(state=InvitationState.SENT, expires_at__lt=at)
    return sent.update(state=InvitationState.EXPIRED)


def _due(at: datetime, *, after: int) -> list[int]:
    pending = Invitation.objects.filter(state=InvitationState.PENDING, send_after__lte=at, pk__gt=after)
    return list(pending.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _send(invitation_id: int, at: datetime) -> int:
    # The ticket's row is claimed too: a reopening under way is waited for by looking again next time.
    invitation = (
        Invitation.objects.select_for_update(skip_locked=True, of=("self", "resolution__ticket"), no_key=True)
        .select_related("resolution__ticket", "recipient")
        .filter(pk=invitation_id, state=InvitationState.PENDING, send_after__lte=at)
        .first()
    )
    if invitation is None:
        return 0
    if not is_worth_asking(invitation):
        invitation.state = InvitationState.CANCELLED
        invitation.save(update_fields=["state"])
        return 0
    invitation.state = InvitationState.SENT
    invitation.sent_at = at
    invitation.expires_at = at + VALID_FOR
    invitation.remind_after = at + REMIND_AFTER
    invitation.asks_recommendation = not _asked_lately(invitation, at)
    invitation.save(update_fields=["state", "sent_at", "expires_at", "remind_after", "asks_recommendation"])
    publish(
        SurveySent(
            invitation_id=invitation.pk,
            ticket_id=invitation.resolution.ticket_id,
            recipient_id=invitation.recipient_id,
            at=at,
        )
    )
    return 1


def _asked_lately(invitation: Invitation, at: datetime) -> bool:
    # Two invitations to one person queue up here, so that only one of them asks.
    User.objects.select_for_update(no_key=True).get(pk=invitation.recipient_id)
    asked = Invitation.objects.filter(
        recipient=invitation.recipient_id, sent_at__gt=at - RECOMMENDATION_EVERY, asks_recommendation=True
    )
    return asked.exclude(pk=invitation.pk).exists()
