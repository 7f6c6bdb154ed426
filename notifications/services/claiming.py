"""Taking deliveries out of the outbox, so that no two workers have the same ones in hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from accounts.models import User
from notifications.models import Delivery, Target
from notifications.vocabulary import GROUPED, DeliveryState, Outlet

# Longer than a conversation with a mail server can take: some seven steps of EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
# Nobody gets more than one letter about promises in this time.
GROUP_EVERY = timedelta(minutes=1)
GROUP_SIZE = 500
RELATED = ("recipient", "target", "actor", "ticket__organisation", "ticket__product", "ticket__module")


@dataclass(frozen=True)
class Claim:
    """Deliveries to one reader that make up one message, in one worker's hand until `until`."""

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


def claim(*, at: datetime, outlets: Collection[str] = Outlet.values) -> Claim | None:
    """Take what is due at `at` by one of `outlets`, the longest due first: one delivery, or a reader's alerts together.

    None when nothing is due that nobody else has in hand.
    """
    busy = Q()
    while True:
        with transaction.atomic():
            due = _due(at, outlets).exclude(busy) if busy else _due(at, outlets)
            first = due.select_for_update(skip_locked=True, no_key=True).first()
            if first is None:
                return None
            # The reader's row is claimed too: one worker at a time puts a reader's alerts together.
            if first.swarms and not _hold(first):
                busy |= Q(kind__in=GROUPED, **_reader(first))
            elif ids := _together(first, at):
                return _lease(first, ids, at)


def _due(at: datetime, outlets: Collection[str]) -> QuerySet[Delivery]:
    """What may be taken. Of a group, its first one stands for all: whoever locks that has the group."""
    return Delivery.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=at),
        Q(group=None) | Q(group=F("pk")),
        state=DeliveryState.PENDING,
        next_attempt_at__lte=at,
        channel__in=outlets,
    ).order_by("next_attempt_at", "pk")


def _reader(delivery: Delivery) -> dict[str, int | None]:
    """The condition of all that goes to the same person, or to the same target."""
    if delivery.target_id is not None:
        return {"target": delivery.target_id}
    return {"recipient": delivery.recipient_id}


def _hold(first: Delivery) -> bool:
    """Lock the row of whom it is for, unless somebody else has it."""
    owner: QuerySet[Target] | QuerySet[User] = User.objects.filter(pk=first.recipient_id or 0)
    if first.target_id is not None:
        owner = Target.objects.filter(pk=first.target_id)
    held = owner.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    return bool(list(held))


def _together(first: Delivery, at: datetime) -> list[int]:
    """The ids that leave together with `first`; none when its reader has to wait a little."""
    if not first.swarms:
        return [first.pk]
    pending = Delivery.objects.filter(state=DeliveryState.PENDING)
    if first.group is not None:
        return list(pending.filter(group=first.group).values_list("pk", flat=True))
    # Due or put off a moment ago: none of them has been tried. What waits for quiet hours to end goes on waiting.
    alike = pending.filter(
        Q(held_until=None) | Q(held_until__lte=at),
        **_reader(first),
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
    """When the reader may be written to about promises again."""
    letters = Delivery.objects.filter(**_reader(first), channel=first.channel, kind__in=GROUPED)
    if letters.filter(state=DeliveryState.PENDING, leased_until__gt=at).exists():
        return at + GROUP_EVERY
    last = letters.aggregate(last=Max("sent_at"))["last"]
    return last + GROUP_EVERY if last else at


def _lease(first: Delivery, ids: Sequence[int], at: datetime) -> Claim:
    until = at + LEASE
    Delivery.objects.filter(pk__in=ids).update(
        leased_until=until,
        attempts=F("attempts") + 1,
        group=first.pk if first.swarms else None,
    )
    return Claim(ids=ids, until=until, attempt=first.attempts + 1)
