"""Calendars in the admin site."""

from datetime import date

import pytest

from sla.base import OFFICE_HOURS
from sla.models import Calendar
from sla.services.calendars import SpecialDay, current_version, mark_day, save_calendar
from tests.factories import make_user
from tests.sla.test_calendars import AT, plan

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(AT, tick=False)]
MONDAY = {"weekday": "0", "start": "09:00", "end": "12:00"}
AFTERNOON = {"weekday": "0", "start": "13:30", "end": "24:00"}
PARTY = {"date": "2026-03-09", "kind": "off", "name": "年会", "as_weekday": "0"}


@pytest.fixture
def admin(client):
    client.force_login(make_user("admin@test.example", "admin", language="en"))
    return client


def rows(prefix, added, stored=()):
    """The fields of a formset: rows that exist, by primary key, and new ones."""
    fields = {f"{prefix}-TOTAL_FORMS": len(stored) + len(added), f"{prefix}-INITIAL_FORMS": len(stored)}
    for number, row in enumerate([*stored, *added]):
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields


def form(hours=(MONDAY, AFTERNOON), days=(PARTY,), **changes):
    said = {
        "name_zh": "白班", "name_en": "Day shift", "code": "day", "time_zone": "Asia/Shanghai", "position": "5",
        "is_active": "on",
    }  # fmt: skip
    return {**said, **rows("intervals", hours), **rows("days", days), **changes}


def test_a_new_calendar_is_stored_with_its_hours_and_published(admin):
    page = admin.post("/admin/sla/calendar/add/", form())
    assert page.status_code == 302, page.text
    calendar = Calendar.objects.get(code="day")
    assert current_version(calendar.pk).data == {
        "zone": "Asia/Shanghai",
        "week": [[[540, 720], [810, 1440]], [], [], [], [], [], []],
        "days": {"2026-03-09": []},
    }
    shown = admin.get(f"/admin/sla/calendar/{calendar.pk}/change/").text
    assert 'value="24:00"' in shown
    assert 'value="13:30"' in shown


def test_days_that_the_form_does_not_show_stay(admin):
    calendar = save_calendar(code="day", plan=plan(), at=AT)
    mark_day(calendar_id=calendar.pk, day=SpecialDay(date(2020, 1, 6), name="早年"), at=AT)
    assert admin.post(f"/admin/sla/calendar/{calendar.pk}/change/", form()).status_code == 302
    assert [day.name for day in calendar.days.all()] == ["早年", "年会"]


def test_a_day_that_is_deleted_is_gone(admin):
    calendar = save_calendar(code="day", plan=plan(days=(SpecialDay(date(2026, 5, 6)),)), at=AT)
    stored = {**PARTY, "id": calendar.days.get().pk, "calendar": calendar.pk, "DELETE": "on"}
    said = {**form(), **rows("days", (), (stored,))}
    assert admin.post(f"/admin/sla/calendar/{calendar.pk}/change/", said).status_code == 302
    assert not calendar.days.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": ({**MONDAY, "end": "08:00"},)}, "Monday: an interval has to end after it starts."),
        ({"hours": (MONDAY, {**MONDAY, "start": "11:00"})}, "Monday: these hours overlap."),
        ({"hours": ({**MONDAY, "end": "25:00"},)}, "Write a time between 00:00 and 24:00"),
        ({"hours": ()}, "A calendar needs some working time."),
        ({"days": (PARTY, PARTY)}, "2026-03-09 is listed twice."),
        ({"days": ({**PARTY, "kind": "makeup", "as_weekday": "1"},)}, "Tuesday has no working hours"),
        ({"days": ({**PARTY, "date": "2026-02-30"},)}, "Enter a valid date."),
    ],
)
def test_what_no_calendar_can_be_is_refused_and_kept_in_the_form(admin, changes, words):
    page = admin.post("/admin/sla/calendar/add/", form(**changes))
    assert page.status_code == 200
    assert words in page.text
    assert 'value="Day shift"' in page.text
    assert not Calendar.objects.filter(code="day").exists()


def test_a_year_and_more_without_work_is_refused(admin):
    calendar = save_calendar(code="day", plan=plan(week=(OFFICE_HOURS,) + ((),) * 6), at=AT)
    weeks = [date.fromordinal(date(2026, 3, 9).toordinal() + 7 * week) for week in range(60)]
    mondays = [{**PARTY, "date": day.isoformat()} for day in weeks]
    page = admin.post(f"/admin/sla/calendar/{calendar.pk}/change/", form(days=mondays))
    assert "more than a year" in page.text


def test_no_calendar_is_deleted(admin):
    calendar = save_calendar(code="day", plan=plan(), at=AT)
    assert admin.post(f"/admin/sla/calendar/{calendar.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Calendar.objects.filter(pk=calendar.pk).exists()
