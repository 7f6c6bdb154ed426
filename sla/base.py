"""The promises and calendars every desk begins with; an admin changes them later."""

from datetime import datetime, timedelta

from django.db import transaction

from common import clock
from sla.calendar import WHOLE_DAY
from sla.models import Calendar, Policy, PolicyVersion, Target
from sla.services.calendars import CalendarPlan, publish, save_calendar
from sla.services.rules import publish_policy

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
STANDARD = "standard"
HOURS = {
    "first_response": {"urgent": 1, "general": 24, "consultation": 48},
    "next_response": {"urgent": 1, "general": 24, "consultation": 48},
    "resolution": {"urgent": 8, "general": 72, "consultation": 120},
}


@transaction.atomic
def load_targets() -> None:
    """The standard policy, if it is missing, with the calendars; what an admin has changed stays as it is."""
    if PolicyVersion.objects.filter(policy__code=STANDARD).exists():
        return
    at = clock.now()
    load_calendars(at=at)
    policy, made = Policy.objects.get_or_create(
        code=STANDARD,
        defaults={
            "name_zh": "标准承诺",
            "name_en": "Standard promise",
            "position": 1000,
            "calendar": Calendar.objects.get(code="always"),
        },
    )
    if made:
        Target.objects.bulk_create(
            Target(policy=policy, metric=metric, tier=tier, within=timedelta(hours=hours))
            for metric, tiers in HOURS.items()
            for tier, hours in tiers.items()
        )
    publish_policy(policy_id=policy.pk, at=at)


def load_calendars(*, at: datetime) -> None:
    """Create the calendars that are missing; leave those that exist as they are, but published."""
    there = dict(Calendar.objects.values_list("code", "pk"))
    for code, plan in CALENDARS.items():
        if code not in there:
            save_calendar(code=code, plan=plan, at=at)
    for calendar_id in there.values():
        publish(calendar_id=calendar_id, at=at)
