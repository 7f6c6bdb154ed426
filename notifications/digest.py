"""What the morning letter of a member of staff is about: found here as ids and counts, said by its channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Least

from accounts.models import Leave, Role, User
from sla.models import Clock
from surveys.models import Answer
from surveys.scoring import DETRACTOR_TO
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.vocabulary import UNCOUNTED, Status

# As many of each part are named; the letter says how many there are.
NAMED = 10
# A customer who has not answered for so long should be asked again.
WAITS_LONG = timedelta(days=3)
BY_DUE = (F("next_due_at").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Morning:
    """The day of a letter in its reader's zone: its bounds, and since when the figures of the lead count."""

    at: datetime
    start: datetime
    end: datetime
    since: datetime


def morning(at: datetime, zone: ZoneInfo, last_worked: date) -> Morning:
    """The morning of `at`; what leads read counts from the beginning of the day worked last."""
    today = at.astimezone(zone).date()
    bounds = [
        datetime.combine(day, time.min, zone) for day in (today, today + timedelta(days=1), last_worked)
    ]
    return Morning(at, *bounds)


def gather(user: User, day: Morning) -> dict[str, Any]:
    """The parts of the letter that have something to say: of each the ids that are named, and how many there are.

    Four reads for everybody, three more for those who lead.
    """
    parts = {**_own(user, day), "unassigned": _named(_untaken(user).order_by(*BY_DUE))}
    led = list(user.memberships.filter(leads=True).values_list("team", flat=True))
    if led and user.role in {Role.MANAGER, Role.ADMIN}:
        parts |= _of_teams(user, led, day)
    return {name: part for name, part in parts.items() if part["count"]}


def _own(user: User, day: Morning) -> dict[str, Any]:
    own = Ticket.objects.open().filter(assignee=user)
    asked = Max("history__at", filter=Q(history__field="status"))
    waiting = own.filter(status=Status.WAITING_CUSTOMER).annotate(asked=asked)
    return {
        "overdue": _named(own.due_before(day.at).order_by(*BY_DUE)),
        "today": _named(own.filter(next_due_at__gte=day.at, next_due_at__lt=day.end).order_by(*BY_DUE)),
        "waiting": _named(waiting.filter(asked__lte=day.at - WAITS_LONG).order_by("asked", "pk")),
    }


def _untaken(user: User) -> TicketQuerySet:
    return Ticket.objects.untaken().filter(team__in=user.memberships.values("team"))


def _of_teams(user: User, teams: list[int], day: Morning) -> dict[str, Any]:
    """Promises broken and unhappy answers since the last day worked, and who is away today."""
    ended = Clock.objects.alias(ended=Least("stopped_at", "due_at"))
    broken = ended.filter(ended__gte=day.since, ended__lt=day.start, breached_at__isnull=False)
    broken = broken.filter(ticket__team__in=teams).exclude(ticket__status__in=UNCOUNTED)
    answers = Answer.objects.filter(
        answered_at__gte=day.since,
        answered_at__lt=day.at,
        recommend__lte=DETRACTOR_TO,
        invitation__team__in=teams,
    )
    away = Leave.objects.filter(
        user__memberships__team__in=teams, user__is_active=True, starts_at__lt=day.end, ends_at__gt=day.at
    ).exclude(user=user)
    return {
        "broken": _named(broken.order_by("breached_at", "pk")),
        "answers": _named(answers.order_by("answered_at", "pk")),
        "away": _named(away.order_by("ends_at", "pk").distinct()),
    }


def _named(rows: QuerySet[Any]) -> Mapping[str, Any]:
    ids = list(rows.values_list("pk", flat=True))
    return {"ids": ids[:NAMED], "count": len(ids)}
