"""China's days off and make-up workdays: from the library for the years it knows, and as edited."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from chinese_calendar import constants
from django.db import transaction

from catalog.events import StatutoryDaysChanged
from catalog.models import DayKind, StatutoryDay
from common.events import publish


@transaction.atomic
def load_statutory_days(*, at: datetime) -> list[int]:
    """Write down every year that the library knows and no row speaks of; which years these are.

    A year with a row of its own is somebody's and stays as it is.
    """
    there = set(StatutoryDay.objects.values_list("date__year", flat=True).distinct())
    fresh = [day for day in known_days() if day.date.year not in there]
    # Two starting at once write each day once.
    StatutoryDay.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        publish(StatutoryDaysChanged(at=at))
    return sorted({day.date.year for day in fresh})


def known_days() -> Iterator[StatutoryDay]:
    """The library's days, not stored: its tables of days off (weekends within a holiday among them) and workdays."""
    tables = ((DayKind.OFF, constants.holidays), (DayKind.MAKEUP, constants.workdays))
    for kind, table in tables:
        for day, name in table.items():
            yield StatutoryDay(date=day, kind=kind, name_zh=constants.Holiday(name).chinese, name_en=name)


@transaction.atomic
def save_statutory_day(*, day: StatutoryDay, at: datetime) -> None:
    """Store one, new or edited; calendars follow in the same transaction."""
    day.save()
    publish(StatutoryDaysChanged(at=at))


@transaction.atomic
def remove_statutory_days(*, dates: Iterable[date], at: datetime) -> None:
    """Take some away; their weekdays' own hours hold again."""
    StatutoryDay.objects.filter(date__in=list(dates)).delete()
    publish(StatutoryDaysChanged(at=at))
