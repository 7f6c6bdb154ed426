"""Calendars as they are edited, and the versions that come of it."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.models import DayKind, StatutoryDay
from catalog.services.statutory import load_statutory_days, remove_statutory_days, save_statutory_day
from common import events
from common.errors import InvalidInput
from sla.base import CALENDARS, OFFICE_HOURS, load_calendars
from sla.calendar import ROUND_THE_CLOCK, WHOLE_DAY, add, between
from sla.events import CalendarPublished
from sla.models import Calendar, CalendarVersion
from sla.services.calendars import (
    CalendarPlan,
    SpecialDay,
    add_days_off,
    current_version,
    mark_day,
    publish,
    save_calendar,
    unmark_day,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 9)
HOUR = timedelta(hours=1)


def plan(**changes):
    """Office hours without statutory days, unless told otherwise."""
    values = {"name_zh": "白班", "name_en": "Day shift", "week": (OFFICE_HOURS,) * 5 + ((), ())}
    return CalendarPlan(**{**values, **changes})


def made(**changes):
    return save_calendar(code="day", plan=plan(**changes), at=AT)


def worked(calendar, day):
    """The hours worked on a date, by the version that holds."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return between(current_version(calendar.pk).value, midnight, midnight + 24 * HOUR) / HOUR


@pytest.fixture
def published(monkeypatch):
    """What was told of calendars."""
    heard = []
    monkeypatch.setitem(events._subscribers, CalendarPublished, [heard.append])
    return heard


@pytest.fixture
def office():
    """The calendar of a desk in China, its statutory days as the library has them."""
    load_statutory_days(at=AT)
    load_calendars(at=AT)
    return Calendar.objects.get(code="office")


def test_a_desk_begins_with_a_calendar_round_the_clock(django_assert_num_queries):
    version = current_version(Calendar.objects.get(code="always").pk)
    assert version.value == ROUND_THE_CLOCK
    assert version.value.always


def test_loading_the_calendars_again_changes_nothing(office, published):
    mark_day(calendar_id=office.pk, day=SpecialDay(DAY, name="年会"), at=AT)
    before = CalendarVersion.objects.count()
    load_calendars(at=AT)
    assert set(Calendar.objects.values_list("code", flat=True)) == set(CALENDARS)
    assert (CalendarVersion.objects.count(), worked(office, DAY)) == (before, 0)


def test_a_save_that_changes_working_time_is_a_new_version_and_told(published):
    calendar = made()
    assert [(told.calendar_id, told.at) for told in published] == [(calendar.pk, AT)]
    made(week=(OFFICE_HOURS,) * 4 + ((), (), ()))
    assert [version.number for version in calendar.versions.all()] == [1, 2]
    assert published[1].version_id == current_version(calendar.pk).pk


def test_a_save_that_leaves_working_time_alone_is_none(published):
    calendar = made()
    made(name_en="Early shift", days=(SpecialDay(date(2026, 3, 7), name="休息"),))
    assert (calendar.versions.count(), len(published)) == (1, 1)
    assert Calendar.objects.get(pk=calendar.pk).name_en == "Early shift"


def test_a_version_stays_what_it_was():
    version = current_version(made().pk)
    for change in (version.delete, lambda: CalendarVersion.objects.filter(pk=version.pk).update(number=9)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_the_value_of_a_version_is_made_once_in_a_process():
    calendar = made()
    first = CalendarVersion.objects.get(calendar=calendar).value
    bare = CalendarVersion.objects.only("pk").get(calendar=calendar)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert bare.value is first
    assert len(asked) == 0


def test_an_older_version_reckons_as_it_did(published):
    calendar = made()
    old = current_version(calendar.pk)
    made(week=(WHOLE_DAY,) * 7)
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=SHANGHAI)
    assert add(old.value, friday, 2 * HOUR) == datetime(2026, 3, 9, 10, 0, tzinfo=SHANGHAI)
    assert add(current_version(calendar.pk).value, friday, 2 * HOUR) == friday + 2 * HOUR


def test_china_s_days_as_the_library_has_them(office):
    # Spring Festival of 2026: off from the 15th to the 23rd of February, made up for on the 14th and the 28th.
    festival = [worked(office, date(2026, 2, day)) for day in range(13, 29)]
    assert festival == [7.5, 7.5] + [0] * 9 + [7.5] * 4 + [7.5]
    assert worked(office, date(2026, 10, 10)) == 7.5
    assert StatutoryDay.objects.get(date=date(2026, 2, 14)).name_zh == "春节"


def test_a_year_that_somebody_edited_is_not_loaded_again():
    load_statutory_days(at=AT)
    StatutoryDay.objects.filter(date__year=2025).exclude(date=date(2025, 1, 1)).delete()
    StatutoryDay.objects.filter(date__year=2026).delete()
    assert load_statutory_days(at=AT) == [2026]
    assert load_statutory_days(at=AT) == []
    assert StatutoryDay.objects.filter(date__year=2025).count() == 1


def test_a_change_of_statutory_days_publishes_the_calendars_that_use_them(office, published):
    plain = made()
    day = StatutoryDay(date=DAY, kind=DayKind.OFF, name_zh="临时放假", name_en="Extra day off")
    save_statutory_day(day=day, at=AT)
    assert [told.calendar_id for told in published] == [plain.pk, office.pk]
    assert (worked(office, DAY), worked(plain, DAY)) == (0, 7.5)
    remove_statutory_days(dates=[DAY], at=AT)
    assert worked(office, DAY) == 7.5


def test_an_own_special_day_goes_before_a_statutory_one(office):
    spring = date(2026, 2, 17)
    mark_day(calendar_id=office.pk, day=SpecialDay(spring, DayKind.MAKEUP, "值班"), at=AT)
    assert worked(office, spring) == 7.5
    assert unmark_day(calendar_id=office.pk, date=spring, at=AT)
    assert worked(office, spring) == 0
    assert not unmark_day(calendar_id=office.pk, date=spring, at=AT)


def test_a_make_up_day_takes_over_the_hours_of_the_weekday_it_names():
    short = (((600, 660),),) + (OFFICE_HOURS,) * 4 + ((), ())
    calendar = made(week=short)
    sunday = date(2026, 3, 8)
    mark_day(calendar_id=calendar.pk, day=SpecialDay(sunday, DayKind.MAKEUP), at=AT)
    assert worked(calendar, sunday) == 1
    mark_day(calendar_id=calendar.pk, day=SpecialDay(sunday, DayKind.MAKEUP, as_weekday=4), at=AT)
    assert worked(calendar, sunday) == 7.5


def test_days_off_are_added_beside_those_that_are_there(published):
    calendar = made(days=(SpecialDay(DAY, DayKind.MAKEUP, "盘点"),))
    days = [SpecialDay(DAY + timedelta(days=ahead), name="假期") for ahead in range(3)]
    assert add_days_off(calendar_id=calendar.pk, days=days, at=AT) == 2
    assert [day.kind for day in calendar.days.all()] == ["makeup", "off", "off"]
    assert len(published) == 2


MONDAY_ONLY = (OFFICE_HOURS,) + ((),) * 6


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"week": (((540, 720), (700, 800)),) + ((),) * 6}, "week.0"),
        ({"week": (OFFICE_HOURS, ((720, 540),)) + ((),) * 5}, "week.1"),
        ({"week": (((0, 1441),),) + ((),) * 6}, "week.0"),
        ({"week": ((),) * 7}, "week"),
        ({"days": (SpecialDay(DAY), SpecialDay(DAY, name="又一次"))}, "days"),
        ({"days": (SpecialDay(DAY, DayKind.MAKEUP, as_weekday=5),)}, "days"),
        ({"days": (SpecialDay(date(1999, 1, 1)),)}, "days"),
        ({"days": (SpecialDay(DAY, name="长" * 81),)}, "days"),
        ({"days": tuple(SpecialDay(DAY + timedelta(days=ahead)) for ahead in range(2001))}, "days"),
        (
            {"week": MONDAY_ONLY, "days": tuple(SpecialDay(DAY + timedelta(weeks=n)) for n in range(60))},
            "days",
        ),
        ({"time_zone": "Asia/Peking"}, "time_zone"),
        ({"name_zh": " "}, "name_zh"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_the_reason(changes, field):
    calendar = made()
    with pytest.raises(InvalidInput) as refused:
        made(**changes)
    assert list(refused.value.fields) == [field]
    assert all(refused.value.fields[field])
    assert calendar.versions.count() == 1


def test_publishing_what_is_published_is_nothing_new(published):
    version = current_version(made().pk)
    assert publish(calendar_id=version.calendar_id, at=AT + HOUR) == version
    assert len(published) == 1


def test_a_plan_without_days_leaves_them_but_not_without_the_hours_they_follow():
    calendar = made(days=(SpecialDay(date(2026, 3, 8), DayKind.MAKEUP, as_weekday=4), SpecialDay(DAY)))
    made(days=None)
    assert calendar.days.count() == 2
    with pytest.raises(InvalidInput, match="2026-03-08"):
        made(days=None, week=(OFFICE_HOURS,) * 4 + ((), (), ()))


@pytest.mark.django_db(transaction=True)
def test_a_calendar_that_begins_to_use_statutory_days_while_they_change_misses_none():
    """Whoever comes second waits for the first and sees what was written."""
    calendar = made()
    started, errors = threading.Event(), []

    def change_days():
        try:
            started.wait(10)
            day = StatutoryDay(date=DAY, kind=DayKind.OFF, name_zh="放假", name_en="Day off")
            save_statutory_day(day=day, at=AT)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=change_days)
    other.start()
    with transaction.atomic():
        made(uses_statutory_days=True)
        started.set()
        time.sleep(0.3)
    other.join(10)
    assert (errors, worked(calendar, DAY)) == ([], 0)
