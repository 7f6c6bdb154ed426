"""Sending what stands in the outbox, by however many workers at once.

A worker claims with a lease, sends outside any transaction, and writes down what became of it. One that dies
in between leaves a lease that runs out; another worker then sends the same message again, under the same id.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog
from django.db.models import Q, QuerySet

from notifications.channels import Answer, Away, Channel, Refused, TryLater, Unreachable
from notifications.channels.email.sending import EmailChannel
from notifications.channels.robots.sending import RobotChannel
from notifications.channels.webhook.sending import WebhookChannel
from notifications.models import Attempt, Delivery
from notifications.recipients import reachable
from notifications.services.claiming import Claim, claim
from notifications.services.preferring import quiet_until
from notifications.vocabulary import SURVEYS, DeliveryState, Outlet
from surveys.selectors import still_asking
from tickets.models import Ticket

log = structlog.get_logger(__name__)
# Pauses double from the first to the longest; the attempts outlast a weekend without a mail server.
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=4)
ATTEMPTS = 24
# A run ends after so many messages; the next sweep goes on.
RUN = 500
CODE_LENGTH = 100


def deliver_pending(*, now: Callable[[], datetime], outlets: Collection[str] = Outlet.values) -> int:
    """Send what is due by `outlets`; how many messages left. `now` is asked anew for each: sending takes time.

    Ends early when nothing can be sent at present: the next run tries again with another message.
    """
    sent = 0
    channels: dict[str, Channel] = {
        Outlet.EMAIL: EmailChannel(),
        Outlet.WEBHOOK: WebhookChannel(now),
        Outlet.ROBOT: RobotChannel(now),
    }
    try:
        for _number in range(RUN):
            claimed = claim(at=now(), outlets=outlets)
            if claimed is None:
                break
            sent += _deliver(claimed, channels, now)
    except Unreachable:
        pass
    finally:
        for channel in channels.values():
            channel.close()
    return sent


def resend(deliveries: Sequence[int], *, at: datetime) -> int:
    """Put given-up deliveries back into the outbox, with all their attempts; how many.

    One that was to leave in a group takes the others of the group along. A webhook may be told again, too, what it
    has taken: it knows the event by its id.
    """
    groups = Delivery.objects.filter(pk__in=deliveries).exclude(group=None).values("group")
    failed = Q(pk__in=deliveries) | Q(group__in=groups), Q(state=DeliveryState.FAILED)
    taken = Q(pk__in=deliveries, channel=Outlet.WEBHOOK, state=DeliveryState.SENT)
    again = Delivery.objects.filter(failed[0] & failed[1] | taken)
    return again.update(
        state=DeliveryState.PENDING, attempts=0, next_attempt_at=at, leased_until=None, sent_at=None
    )


def _deliver(claimed: Claim, channels: dict[str, Channel], now: Callable[[], datetime]) -> int:
    """Send one claim; 1 if a message left. Raises Unreachable once that is written down."""
    deliveries = claimed.deliveries()
    wanted, answer = _still_wanted(deliveries), None
    try:
        if claimed.attempt > ATTEMPTS:
            raise TryLater("no worker survived it", maybe_taken=True)
        if wanted:
            answer = channels[wanted[0].channel].send(wanted)
    except Refused as failure:
        _note(wanted, failure.answer, failure.code, at=now())
        _give_up(claimed.rows, failure.code)
        return 0
    except TryLater as failure:
        _note(wanted, failure.answer, failure.code, at=now())
        _put_off(claimed, failure, at=now())
        if isinstance(failure, Unreachable):
            raise
        return 0
    except Exception as failure:
        log.exception("delivery_broken", deliveries=claimed.ids)
        _put_off(claimed, TryLater(type(failure).__name__, maybe_taken=True), at=now())
        return 0
    _note(wanted, answer, "", at=now())
    _settle(claimed, wanted, at=now())
    return 1 if wanted else 0


def _note(sent: Sequence[Delivery], answer: Answer | None, code: str, *, at: datetime) -> None:
    """Put what another system said into the log."""
    if answer is not None:
        said = {"at": at, "status": answer.status, "milliseconds": answer.milliseconds}
        Attempt.objects.bulk_create(
            Attempt(delivery=delivery, code=code[:CODE_LENGTH], **said) for delivery in sent
        )


def _still_wanted(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Without those whose reader has left or may no longer see the ticket, or that ask what is asked no more."""
    if deliveries and (target := deliveries[0].target) is not None:
        return list(deliveries) if target.is_active else []
    if not deliveries or not reachable([deliveries[0].person]):
        return []
    about = Ticket.objects.filter(pk__in=[delivery.ticket_id for delivery in deliveries])
    visible = set(about.visible_to(deliveries[0].person).values_list("pk", flat=True))
    asking = still_asking(d.data["invitation"] for d in deliveries if d.kind in SURVEYS)
    return [
        delivery
        for delivery in deliveries
        if (delivery.ticket_id is None or delivery.ticket_id in visible)
        and (delivery.kind not in SURVEYS or delivery.data["invitation"] in asking)
    ]


def _settle(claimed: Claim, sent: Sequence[Delivery], *, at: datetime) -> None:
    ids = [delivery.pk for delivery in sent]
    done = {"leased_until": None, "last_error": ""}
    claimed.rows.exclude(pk__in=ids).update(state=DeliveryState.DROPPED, **done)
    claimed.rows.filter(pk__in=ids).update(state=DeliveryState.SENT, sent_at=at, **done)


def _put_off(claimed: Claim, failure: TryLater, *, at: datetime) -> None:
    """Try again after a pause, those excepted that have used up their attempts.

    A group surely not taken is let loose, so that what comes meanwhile joins its letter; so is what is left of
    one that is given up in part.
    """
    code = failure.code
    given_up = _give_up(claimed.rows.filter(attempts__gte=ATTEMPTS), code)
    pause = min(FIRST_PAUSE * 2 ** (claimed.attempt - 1), LONGEST_PAUSE)
    loose = {"group": None} if given_up or not failure.maybe_taken else {}
    again = _when_wanted(claimed, at + pause)
    if isinstance(failure, Away):
        _spare(claimed, again)
    put_off = claimed.rows.update(
        next_attempt_at=again, leased_until=None, last_error=code[:CODE_LENGTH], **loose
    )
    if put_off:
        log.warning("delivery_put_off", deliveries=claimed.ids, attempt=claimed.attempt, code=code)


def _spare(claimed: Claim, until: datetime) -> None:
    """Have what else goes to a target that is away wait, too: nobody waits for it in vain once for each event."""
    targets = claimed.rows.filter(target__isnull=False).values("target")
    others = Delivery.objects.filter(target__in=targets, state=DeliveryState.PENDING, leased_until=None)
    others.filter(next_attempt_at__lt=until).update(next_attempt_at=until)


def _when_wanted(claimed: Claim, at: datetime) -> datetime:
    """`at`, or the end of the quiet hours it would fall into; what is urgent waits for nobody's."""
    deliveries = list(claimed.rows.select_related("recipient"))
    if not deliveries or any(delivery.is_urgent for delivery in deliveries):
        return at
    recipient = deliveries[0].recipient
    return (quiet_until(recipient, at) if recipient else None) or at


def _give_up(deliveries: QuerySet[Delivery], code: str) -> int:
    ids = list(deliveries.values_list("pk", flat=True))
    if ids:
        deliveries.update(state=DeliveryState.FAILED, leased_until=None, last_error=code[:CODE_LENGTH])
        log.error("delivery_given_up", deliveries=ids, code=code)
    return len(ids)
