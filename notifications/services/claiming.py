"""Taking deliveries out of the outbox, so that no two workers have the same ones in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from notifications.models import Delivery
from notifications.vocabulary import GROUPED, DeliveryState

# Longer than a conversation with a mail server can take: some seven steps of EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
# Nobody gets more than one letter about promises in this time.
GROUP_EVERY = timedelta(minutes=1)
GROUP_SIZE = 500
RELATED = ("recipient", "actor", "ticket__organisation", "ticket__product", "ticket__module")


@dataclass(frozen=True)
class Claim:
    """Deliveries to one person that make up one message, in one worker's hand until `until`."""

    ids: Sequence[int]
    until: datetime
    attempt: int

    @property
    def rows(self) -> QuerySet[Delivery]:
        """The rows, as long as they are in this hand."""
        return Delivery.objects.filter(
            pk__in=self.ids, state=DeliveryState.PENDING, leased_until=self.until
        ).order_by("pk")

    def deliveries(self) -> list[Delivery]:
        """The deliveries with all that a message says about them."""
        return list(self.rows.select_related(*RELATED))


def claim(*, at: datetime) -> Claim | None:
    """Take what is due at `at`, the longest due first: one delivery, or a person's alerts together.

    None when nothing is due that nobody else has in hand.
    """
    while True:
        with transaction.atomic():
            # The recipient's row is claimed too: one worker at a time puts a person's alerts together.
            first = (
                _due(at)
                .select_related("recipient")
                .select_for_update(skip_locked=True, of=("self", "recipient"), no_key=True)
                .first()
            )
            if first is None:
                return None
            if ids := _together(first, at):
                return _lease(first, ids, at)


def _due(at: datetime) -> QuerySet[Delivery]:
    """What may be taken. Of a group, its first one stands for all: whoever locks that has the group."""
    return Delivery.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=at),
        Q(group=None) | Q(group=F("pk")),
        state=DeliveryState.PENDING,
        next_attempt_at__lte=at,
    ).order_by("next_attempt_at", "pk")


def _together(first: Delivery, at: datetime) -> list[int]:
    """The ids that leave together with `first`; none when its recipient has to wait a little."""
    if first.kind not in GROUPED:
        return [first.pk]
    pending = Delivery.objects.filter(state=DeliveryState.PENDING)
    if first.group is not None:
        return list(pending.filter(group=first.group).values_list("pk", flat=True))
    # Due or put off a moment ago: none of them has been tried. What waits for quiet hours to end goes on waiting.
    alike = pending.filter(
        Q(held_until=None) | Q(held_until__lte=at),
        recipient=first.recipient_id,
        channel=first.channel,
        kind__in=GROUPED,
        group=None,
    ).order_by("pk")
    not_before = _next_letter_at(first, at)
    if not_before > at:
        alike.update(next_attempt_at=not_before)
        return []
    others = alike.exclude(pk=first.pk).values_list("pk", flat=True)
    return [first.pk, *others[: GROUP_SIZE - 1]]


def _next_letter_at(first: Delivery, at: datetime) -> datetime:
    """When the recipient may be written to about promises again."""
    letters = Delivery.objects.filter(recipient=first.recipient_id, channel=first.channel, kind__in=GROUPED)
    if letters.filter(state=DeliveryState.PENDING, leased_until__gt=at).exists():
        return at + GROUP_EVERY
    last = letters.aggregate(last=Max("sent_at"))["last"]
    return last + GROUP_EVERY if last else at


def _lease(first: Delivery, ids: Sequence[int], at: datetime) -> Claim:
    until = at + LEASE
    Delivery.objects.filter(pk__in=ids).update(
        leased_until=until,
        attempts=F("attempts") + 1,
        group=first.pk if first.kind in GROUPED else None,
    )
    return Claim(ids=ids, until=until, attempt=first.attempts + 1)
