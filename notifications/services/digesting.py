"""The morning letter of members of staff: one a person and working day, in the outbox like any other letter.

A sweep looks every minute; what an outage kept back is sent as long as it is still morning news.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from accounts.availability import Rhythm
from accounts.models import Leave, Role, User
from catalog.selectors import statutory_around
from notifications.digest import gather, morning
from notifications.models import Digest, Preference
from notifications.services.preferring import preferences_of
from notifications.services.telling import News, post
from notifications.vocabulary import Group, Kind, Way
from tickets.crew import rhythm_of

log = structlog.get_logger(__name__)
# Past this nobody wants to read it any more: what was chosen for 08:30 comes until noon, or not that day.
LATE = timedelta(hours=3, minutes=30)
# As far back as a day worked is looked for; a longer holiday is told of as far as that.
BACK = 14


def send_digests(*, now: Callable[[], datetime]) -> int:
    """Write the letters that are due; how many. Safe to run twice and on two workers at once."""
    at = now()
    statutory = statutory_around(at - timedelta(days=BACK), ahead=BACK)
    written = 0
    for user in _due(at, statutory):
        try:
            written += _write(user, at, statutory)
        except Exception:
            # One that always fails would keep the others from theirs.
            log.exception("digest_failed", user=user.pk)
    return written


def is_due(at: datetime, chosen: Preference, rhythm: Rhythm, statutory: dict[date, bool]) -> bool:
    """Whether at `at` it is the letter's time, on a day that is worked by its reader."""
    local = at.astimezone(rhythm.zone)
    start = local.replace(hour=chosen.digest_at.hour, minute=chosen.digest_at.minute, second=0, microsecond=0)
    return start <= local < start + LATE and bool(rhythm.hours(local.date(), statutory))


def _due(at: datetime, statutory: dict[date, bool]) -> Iterable[User]:
    """Who wants the letter, has it due, has not had it today, and is not away. Four queries."""
    staff = User.objects.filter(is_active=True, is_bot=False).exclude(role=Role.CUSTOMER)
    people = list(staff.select_related("working_hours").order_by("pk"))
    chosen = preferences_of(people)
    due = [
        user
        for user in people
        if chosen[user.pk].wants(Group.DIGEST, Way.EMAIL)
        and is_due(at, chosen[user.pk], rhythm_of(user), statutory)
    ]
    had = set(Digest.objects.filter(user__in=due).filter(day__gte=_earliest(at)).values_list("user", "day"))
    away = set(
        Leave.objects.filter(user__in=due, starts_at__lte=at, ends_at__gt=at).values_list("user", flat=True)
    )
    return [user for user in due if user.pk not in away and (user.pk, _today(user, at)) not in had]


def _earliest(at: datetime) -> date:
    return (at - timedelta(days=1)).date()


def _today(user: User, at: datetime) -> date:
    return at.astimezone(ZoneInfo(user.time_zone)).date()


@transaction.atomic
def _write(user: User, at: datetime, statutory: dict[date, bool]) -> bool:
    """Note down that the day's letter was thought of, and write it if there is anything to tell."""
    today = _today(user, at)
    _row, fresh = Digest.objects.get_or_create(user=user, day=today, defaults={"created_at": at})
    if not fresh:
        return False
    rhythm = rhythm_of(user)
    parts = gather(user, morning(at, rhythm.zone, last_worked(today, rhythm, statutory)))
    if not parts:
        return False
    post(News(Kind.DIGEST, f"day:{today.isoformat()}", None, at, data={"parts": parts}), [user])
    return True


def last_worked(today: date, rhythm: Rhythm, statutory: dict[date, bool]) -> date:
    """The last day before `today` that was worked; two weeks back at the most."""
    days = (today - timedelta(days=back) for back in range(1, BACK + 1))
    return next((day for day in days if rhythm.hours(day, statutory)), today - timedelta(days=BACK))
