"""Calendars over REST."""

import pytest

from sla.models import Calendar
from sla.services.calendars import current_version

BODY = {
    "name_zh": "白班",
    "name_en": "Day shift",
    "time_zone": "Asia/Shanghai",
    "uses_statutory_days": False,
    "week": [[{"start": "9:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}]] * 5 + [[], []],
    "days": [{"date": "2026-12-31", "kind": "off", "name": "年终盘点"}],
}


@pytest.fixture
def put(desk, api):
    """Replaces the calendar `always` by the body with changes."""

    def send(**changes):
        program = api(desk.manager)
        body = {**BODY, **changes}
        return program.put("/api/v1/calendars/always", body, content_type="application/json")

    return send


def test_a_calendar_is_replaced_as_a_whole_and_read_back(desk, api, put):
    answer = put()
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["week"][0] == [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}]
    assert told["days"] == [{"date": "2026-12-31", "kind": "off", "name": "年终盘点", "as_weekday": 0}]
    assert (told["code"], told["version"]) == ("always", 2)
    assert api(desk.engineer).get("/api/v1/calendars/always").json() == told
    assert api(desk.engineer).get("/api/v1/calendars").json() == [told]


def test_days_that_are_left_out_stay(desk, api, put):
    put()
    body = {name: value for name, value in BODY.items() if name != "days"}
    answer = api(desk.manager).put("/api/v1/calendars/always", body, content_type="application/json")
    assert [day["name"] for day in answer.json()["days"]] == ["年终盘点"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"week": [[]] * 7}, "week"),
        ({"week": [[]] * 6}, "week"),
        ({"week": "9-5"}, "week"),
        ({"week": [[{"start": "12:00", "end": "09:00"}]] + [[]] * 6}, "week.0"),
        (
            {
                "week": [[], [{"start": "9:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}]]
                + [[]] * 5
            },
            "week.1",
        ),
        ({"week": [[{"start": "nine", "end": "12:00"}]] + [[]] * 6}, "week.0.0.start"),
        ({"week": [[{"start": "09:00", "end": "24:01"}]] + [[]] * 6}, "week.0.0.end"),
        ({"days": [BODY["days"][0]] * 2}, "days"),
        ({"days": [{"date": "2026-02-30", "kind": "off"}]}, "days.0.date"),
        ({"days": [{"date": "1887-02-03", "kind": "off"}]}, "days"),
        ({"days": [{"date": "2026-12-31", "kind": "party"}]}, "days.0.kind"),
        ({"days": [{"date": "2026-12-31", "kind": "makeup", "as_weekday": 7}]}, "days.0.as_weekday"),
        ({"time_zone": "Asia/Peking"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"name_zh": ""}, "name_zh"),
        ({"name_en": "\u0000"}, "name_en"),
        ({"uses_statutory_days": "perhaps"}, "uses_statutory_days"),
    ],
)
def test_what_no_calendar_can_be_is_refused_with_the_field(put, changes, field):
    answer = put(**changes)
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["fields"]) == [field]
    assert current_version(Calendar.objects.get(code="always").pk).number == 1


def test_the_special_days_of_a_year_are_listed_as_they_hold(desk, api, put):
    put(uses_statutory_days=True)
    program = api(desk.engineer)
    listed = program.get("/api/v1/calendars/always/days", {"year": "2026"}).json()
    assert listed == [{"date": "2026-12-31", "kind": "off", "name": "年终盘点", "source": "own", "hours": []}]
    assert program.get("/api/v1/calendars/always/days", {"year": "2025"}).json() == []
    for year in ("0", "12345", "二〇二六", "1999"):
        assert program.get("/api/v1/calendars/always/days", {"year": year}).status_code == 422


def test_there_is_no_calendar_of_another_code(desk, api):
    program = api(desk.admin)
    assert program.get("/api/v1/calendars/none").status_code == 404
    assert program.put("/api/v1/calendars/none", BODY, content_type="application/json").status_code == 404
