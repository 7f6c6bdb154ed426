"""The promises and calendars every desk begins with; an admin changes them later."""

from datetime import datetime, timedelta

from django.apps import apps

from sla.calendar import WHOLE_DAY
from sla.models import Calendar
from sla.services.calendars import CalendarPlan, publish, save_calendar

OFFICE_HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
# By code: `always` is what every tier is promised on unless somebody chooses otherwise.
CALENDARS = {
    "always": CalendarPlan(
        name_zh="全天候（7×24）", name_en="Round the clock (24×7)", week=(WHOLE_DAY,) * 7, position=10
    ),
    "office": CalendarPlan(
        name_zh="工作时间",
        name_en="Office hours",
        week=(OFFICE_HOURS,) * 5 + ((), ()),
        uses_statutory_days=True,
        position=20,
    ),
}
HOURS = {
    "first_response": {"urgent": 1, "general": 24, "consultation": 48},
    "resolution": {"urgent": 8, "general": 72, "consultation": 120},
}


def load_targets() -> None:
    """Create the targets that are missing; leave what an admin has changed as it is."""
    target = apps.get_model("sla", "Target")
    for metric, tiers in HOURS.items():
        for tier, hours in tiers.items():
            target.objects.get_or_create(
                metric=metric, tier=tier, defaults={"within": timedelta(hours=hours)}
            )


def load_calendars(*, at: datetime) -> None:
    """Create the calendars that are missing; leave those that exist as they are, but published."""
    there = dict(Calendar.objects.values_list("code", "pk"))
    for code, plan in CALENDARS.items():
        if code not in there:
            save_calendar(code=code, plan=plan, at=at)
    for calendar_id in there.values():
        publish(calendar_id=calendar_id, at=at)
