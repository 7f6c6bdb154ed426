"""The calendars' pages: looking, marking dates, editing hours, importing days off."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from catalog.services.statutory import load_statutory_days
from sla.base import load_calendars
from sla.models import Calendar
from sla.services.calendars import SpecialDay, current_version, mark_day
from tests.factories import make_user
from tests.sla.test_calendars import AT
from tests.sla.test_ical import day, event, file

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(AT, tick=False)]
YEAR = "/calendars/office/2026/"
IMPORT = "/calendars/office/import/"


@pytest.fixture
def office():
    """The calendar of the desk, with China's days."""
    load_statutory_days(at=AT)
    load_calendars(at=AT)
    return Calendar.objects.get(code="office")


@pytest.fixture
def manager(client, office):
    client.force_login(make_user("manager@test.example", "manager", language="en"))
    return client


@pytest.fixture
def engineer(client, office):
    client.force_login(make_user("engineer@test.example", "engineer", language="en"))
    return client


def looks(page):
    """How each date of a year's page is shown."""
    months = page.context["months"]
    cells = [cell for month in months for row in month.weeks for cell in row if cell]
    return {cell.date: cell.look for cell in cells}


def test_the_list_says_when_each_calendar_works(engineer):
    page = engineer.get("/calendars/")
    assert [row["hours"] for row in page.context["rows"]] == [168, 37.5]
    assert "Mon–Fri" in page.text
    assert "09:00–12:00, 13:30–18:00" in page.text
    assert "/calendars/office/2026/" in page.text
    assert "New calendar" not in page.text


def test_a_year_shows_every_day_with_a_word_for_what_it_is(engineer):
    page = engineer.get(YEAR)
    shown = looks(page)
    assert len(shown) == 365
    assert [shown[date(2026, 2, number)] for number in (13, 14, 15, 22, 24)] == [
        "work",
        "makeup",
        "off",
        "off",
        "work",
    ]
    assert shown[date(2026, 3, 7)] == "free"
    assert page.context["working_days"] == 248
    assert page.text.count('<b class="cal-d__m">On</b>') >= 6
    assert 'aria-current="date"' in page.text
    assert 'rel="next"' in page.text


def test_who_may_only_look_is_offered_no_form(engineer):
    assert "<form method" not in engineer.get(YEAR).text
    assert engineer.post(f"{YEAR}mark/", {"date": "2026-03-09", "kind": "off"}).status_code == 404


@pytest.mark.parametrize("year", ["1999", "2101", "99999999999999999999"])
def test_there_are_no_years_out_of_reach(manager, year):
    assert manager.get(f"/calendars/office/{year}/").status_code == 404
    assert manager.get("/calendars/none/2026/").status_code == 404


def test_a_manager_marks_a_date_and_removes_it(manager, office):
    said = {"date": "2026-03-09", "kind": "off", "name": "年会"}
    page = manager.post(f"{YEAR}mark/", said, follow=True)
    assert page.redirect_chain == [(YEAR, 302)]
    assert "年会" in page.text
    assert looks(page)[date(2026, 3, 9)] == "off"
    assert current_version(office.pk).number == 2
    page = manager.post(f"{YEAR}unmark/", {"date": "2026-03-09"}, follow=True)
    assert looks(page)[date(2026, 3, 9)] == "work"
    assert page.context["form"]["name"].value() == "年会"
    assert manager.post(f"{YEAR}unmark/", {"date": "2026-03-09"}).status_code == 302
    assert manager.post(f"{YEAR}unmark/", {"date": "2026-02-30"}).status_code == 302


def test_a_make_up_day_follows_the_weekday_that_is_chosen(manager, office):
    said = {"date": "2026-03-08", "kind": "makeup", "name": "补班", "as_weekday": "4"}
    assert looks(manager.post(f"{YEAR}mark/", said, follow=True))[date(2026, 3, 8)] == "makeup"
    assert office.days.get().as_weekday == 4


@pytest.mark.parametrize(
    "said",
    [
        {"date": "", "kind": "off"},
        {"date": "2026-02-30", "kind": "off"},
        {"date": "1999-12-31", "kind": "off"},
        {"date": "2026-03-09", "kind": "party"},
        {"date": "2026-03-09", "kind": "off", "name": "长" * 81},
        {"date": "2026-03-09", "kind": "makeup", "as_weekday": "6"},
    ],
)
def test_a_date_that_cannot_be_marked_is_refused_and_kept(manager, office, said):
    page = manager.post(f"{YEAR}mark/", {"name": "盘点", **said})
    assert page.status_code == 422
    assert 'class="errors"' in page.text
    assert page.context["form"]["name"].value() == said.get("name", "盘点")
    assert not office.days.exists()


def test_clicking_a_day_fills_in_the_form(manager):
    form = manager.get(YEAR, {"date": "2026-03-09", "kind": "makeup", "name": "补班"}).context["form"]
    assert [form[name].value() for name in ("date", "kind", "name")] == [date(2026, 3, 9), "makeup", "补班"]
    assert manager.get(YEAR, {"date": "2026-02-30", "kind": "x", "as_weekday": "x"}).status_code == 200


def test_hours_are_edited_as_they_are_spoken(manager, office):
    mark_day(calendar_id=office.pk, day=SpecialDay(date(2026, 3, 9)), at=AT)
    page = manager.get("/calendars/office/edit/")
    said = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    assert said["hours_0"] == "09:00–12:00, 13:30–18:00"
    said |= {"hours_5": "10:00至12:00", "uses_statutory_days": "on", "is_active": "on"}
    assert manager.post("/calendars/office/edit/", said).status_code == 302
    assert current_version(office.pk).value.week[5] == ((600, 720),)
    assert office.days.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours_0": "9 to 5"}, "Write hours like"),
        ({"hours_0": "12:00-09:00"}, "Monday: an interval has to end after it starts."),
        ({"hours_1": "09:00-12:00, 11:00-13:00"}, "Tuesday: these hours overlap."),
        ({"hours_1": ""}, "A calendar needs some working time."),
        ({"code": "office"}, "There is a calendar of this code."),
        ({"code": "not a code"}, "Enter a valid"),
        ({"name_zh": "\x00"}, "This field is required."),
        ({"time_zone": "Asia/Peking"}, "Select a valid choice."),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_and_kept(manager, changes, words):
    said = {
        "code": "night", "name_zh": "夜班", "name_en": "Night shift", "time_zone": "Asia/Shanghai",
        "hours_1": "00:00-06:00, 22:00-24:00", **changes,
    }  # fmt: skip
    page = manager.post("/calendars/new/", said)
    assert page.status_code == 422
    assert words in page.text
    assert 'value="Night shift"' in page.text
    assert not Calendar.objects.filter(code="night").exists()


def test_a_new_calendar_is_there_with_its_hours(manager):
    said = {
        "code": "night", "name_zh": "夜班", "name_en": "Night shift", "time_zone": "Europe/Berlin",
        "hours_1": "00:00-06:00, 22:00-24:00",
    }  # fmt: skip
    assert manager.post("/calendars/new/", said).headers["Location"] == "/calendars/night/2026/"
    assert current_version(Calendar.objects.get(code="night").pk).value.week[1] == ((0, 360), (1320, 1440))


def send(visitor, content, **more):
    return visitor.post(IMPORT, {"file": SimpleUploadedFile("days.ics", content), **more})


def test_an_import_is_shown_first_and_added_when_it_is_sent_back(manager, office):
    mark_day(calendar_id=office.pk, day=SpecialDay(date(2027, 2, 8), name="有了"), at=AT)
    meeting = event("DTSTART:20270105T090000Z", "SUMMARY:例会")
    page = send(manager, file(day("20270206", "20270209"), day("20270214", summary="春节（班）"), meeting))
    assert page.status_code == 200
    assert page.context["fresh"] == [
        (date(2027, 2, 6), "春节", False),
        (date(2027, 2, 7), "春节", False),
        (date(2027, 2, 14), "春节（班）", True),
    ]
    assert (page.context["known"], page.context["read"].left_out) == (1, 1)
    assert office.days.count() == 1
    said = {"preview": page.context["preview"], "without": ["2027-02-14"]}
    done = manager.post(IMPORT, said, follow=True)
    assert done.redirect_chain == [("/calendars/office/2027/", 302)]
    assert "2 days off were added." in done.text
    assert [day.name for day in office.days.all()] == ["春节", "春节", "有了"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no calendar", "no complete iCal file"),
        (file(), "no all-day events"),
        (b" " * (2**20 + 1), "larger than 1 MB"),
        (file(*[day("20270101")] * 2001), "more than 2000"),
    ],
)
def test_a_file_that_is_not_taken_says_why(manager, content, words):
    page = send(manager, content)
    assert page.status_code == 422
    assert words in page.text


def test_an_import_without_a_file_or_with_a_made_up_preview_is_refused(manager, office, settings):
    assert manager.post(IMPORT).status_code == 422
    assert manager.post(IMPORT, {"preview": "made:up"}).status_code == 422
    settings.ATTACHMENT_MAX_BYTES = 10
    assert send(manager, file(day("20270101"))).status_code == 422
    assert not office.days.exists()


def test_missing_statutory_days_are_told_to_those_who_can_see_to_it(manager, time_machine):
    words = "statutory days of 2027 are missing"
    assert words not in manager.get(YEAR).text
    time_machine.move_to("2026-12-01T00:00:00Z", tick=False)
    manager.force_login(User.objects.get(email="manager@test.example"))
    assert words in manager.get(YEAR).text
    assert words in manager.get("/calendars/").text
    assert words not in manager.get("/calendars/always/2026/").text


def test_a_year_takes_the_same_few_queries_however_many_days_it_has(
    manager, office, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        manager.get(YEAR)
