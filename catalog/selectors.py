"""Reading what the desk works with."""

import zoneinfo
from datetime import datetime

from catalog.models import StatutoryDay
from catalog.statutory import missing_years

CHINA = zoneinfo.ZoneInfo("Asia/Shanghai")


def missing_statutory_years(*, at: datetime) -> list[int]:
    """The years whose statutory days ought to be there by `at`, by China's date, and are not. One query."""
    today = at.astimezone(CHINA).date()
    asked = StatutoryDay.objects.filter(date__year__in=(today.year, today.year + 1))
    return missing_years(set(asked.values_list("date__year", flat=True)), today)
