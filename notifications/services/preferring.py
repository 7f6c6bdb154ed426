"""What people choose to be told of, and when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput
from common.nudging import nudge_after_commit
from notifications.models import Delivery, Preference
from notifications.quiet import ends_at
from notifications.vocabulary import DELIVER, DeliveryState, Group, Way, offered

WEEKDAYS = range(1, 8)


@dataclass(frozen=True)
class Quiet:
    """Quiet hours as somebody sets them: times of the wall clock, and the weekdays they begin on (Monday is 1)."""

    start: time
    end: time
    days: Collection[int]


@transaction.atomic
def prefer(
    *,
    user: User,
    off: Iterable[tuple[str, str]],
    quiet: Quiet | None,
    at: datetime,
    digest_at: time | None = None,
) -> Preference:
    """Store what `user` does not want, as pairs of group and way, and their quiet hours (None: none).

    `digest_at` is when the morning letter comes, on their wall clock; None leaves it as it is.

    Letters that wait for quiet hours to end wait for the new ones. Raises InvalidInput for what is not the user's
    to switch off, and for quiet hours without a length or a day.
    """
    choices = offered(staff=user.is_agent)
    codes = sorted({f"{group}:{way}" for group, way in off})
    known = {f"{group}:{way}" for group, ways in choices.items() for way in ways}
    if not known.issuperset(codes):
        raise InvalidInput({"groups": [_("This cannot be switched off.")]})
    _check(quiet)
    fields: dict[str, Any] = {
        "off": codes,
        "quiet_from": quiet.start if quiet else None,
        "quiet_to": quiet.end if quiet else None,
        "quiet_days": sorted(set(quiet.days)) if quiet else [],
    }
    if Group.DIGEST in choices:
        fields["digest"] = f"{Group.DIGEST}:{Way.EMAIL}" not in codes
    if digest_at is not None:
        fields["digest_at"] = digest_at
    stored, _created = Preference.objects.update_or_create(user=user, defaults=fields)
    _release(user, stored, at)
    return stored


def _check(quiet: Quiet | None) -> None:
    if quiet is None:
        return
    if quiet.start == quiet.end:
        raise InvalidInput({"quiet_to": [_("From and to have to differ.")]})
    if not quiet.days or not set(quiet.days) <= set(WEEKDAYS):
        raise InvalidInput({"quiet_days": [_("Choose at least one day.")]})


def _release(user: User, preference: Preference, at: datetime) -> None:
    """What waits in the outbox for the old quiet hours waits for the new ones, or leaves."""
    hours = preference.hours(user.time_zone)
    until = ends_at(hours, at) if hours else None
    held = Delivery.objects.filter(recipient=user, state=DeliveryState.PENDING, held_until__gt=at)
    if held.update(held_until=until, next_attempt_at=until or at) and until is None:
        nudge_after_commit(DELIVER)


def preferences_of(people: Iterable[User]) -> dict[int, Preference]:
    """Each person's preference by their id; of those who never chose, one that wants everything. One query."""
    found = {person.pk: person for person in people}
    stored = {row.user_id: row for row in Preference.objects.filter(user__in=list(found))} if found else {}
    chosen = {pk: stored.get(pk) or Preference() for pk in found}
    for pk, preference in chosen.items():
        preference.user = found[pk]
    return chosen


def quiet_until(user: User, at: datetime) -> datetime | None:
    """When the quiet hours end that the user has at `at`; None when there are none. One query."""
    hours = preferences_of([user])[user.pk].hours(user.time_zone)
    return ends_at(hours, at) if hours else None
