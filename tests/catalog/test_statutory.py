"""China's statutory days: whether they are there in time, and who is told."""

from datetime import UTC, date, datetime

import pytest
import structlog
from django.core.management import call_command

from catalog.models import DayKind, StatutoryDay
from catalog.selectors import missing_statutory_years
from catalog.services.statutory import load_statutory_days
from catalog.statutory import missing_years
from catalog.watch import log_missing_days
from sla.models import Calendar, CalendarVersion
from tests.factories import make_user

AT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("years", "today", "missing"),
    [
        ({2026}, date(2026, 11, 30), []),
        ({2026}, date(2026, 12, 1), [2027]),
        ({2026}, date(2026, 12, 31), [2027]),
        ({2026}, date(2027, 1, 1), [2027]),
        ({2026, 2027}, date(2026, 12, 1), []),
        ({2027}, date(2026, 3, 4), [2026]),
        (set(), date(2026, 12, 1), [2026, 2027]),
    ],
)
def test_which_years_are_missing(years, today, missing):
    assert missing_years(years, today) == missing


@pytest.mark.django_db
def test_the_date_is_china_s():
    StatutoryDay.objects.create(date=date(2026, 1, 1), kind=DayKind.OFF, name_zh="元旦", name_en="New Year")
    assert missing_statutory_years(at=datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == []
    assert missing_statutory_years(at=datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == [2027]


@pytest.mark.django_db
def test_a_missing_year_is_told_in_health_log_and_admin_site(client, time_machine):
    client.force_login(make_user("admin@test.example", "admin", language="en"))
    load_statutory_days(at=AT)
    time_machine.move_to(datetime(2026, 11, 15, tzinfo=UTC), tick=False)
    assert client.get("/readyz").json()["warnings"] == []
    assert "are missing" not in client.get("/admin/").text
    time_machine.move_to(datetime(2026, 12, 1, tzinfo=UTC), tick=False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["warnings"]) == (200, ["statutory days of 2027 are missing"])
    assert "statutory days of 2027 are missing" in client.get("/admin/").text
    with structlog.testing.capture_logs() as logs:
        log_missing_days()
    assert [(line["event"], line["years"]) for line in logs] == [("statutory_days_missing", [2027])]


@pytest.mark.django_db
def test_the_base_of_a_desk_holds_the_days_and_the_calendars_once():
    for _start in range(2):
        call_command("load_base")
    assert StatutoryDay.objects.filter(date__year=2026, kind=DayKind.MAKEUP).count() == 6
    assert list(Calendar.objects.values_list("code", flat=True)) == ["always", "office"]
    assert CalendarVersion.objects.count() == 2


@pytest.mark.django_db
def test_an_edit_in_the_admin_site_publishes_the_calendars(client):
    client.force_login(make_user("admin@test.example", "admin"))
    call_command("load_base")
    base = "/admin/catalog/statutoryday/"
    fields = {"date": "2026-07-01", "kind": "off", "name_zh": "临时放假", "name_en": "Extra day off"}
    assert client.post(f"{base}add/", fields).status_code == 302
    versions = CalendarVersion.objects.filter(calendar__code="office")
    assert versions.latest("number").data["days"]["2026-07-01"] == []
    added = StatutoryDay.objects.get(date=date(2026, 7, 1))
    assert "errorlist" in client.post(f"{base}add/", fields).text
    page = client.get(base, {"year": "2026"})
    assert page.context["cl"].result_count == StatutoryDay.objects.filter(date__year=2026).count()
    client.post(f"{base}{added.pk}/delete/", {"post": "yes"})
    client.post(
        base,
        {
            "action": "delete_selected",
            "post": "yes",
            "_selected_action": [page.context["cl"].result_list[0].pk],
        },
    )
    assert [version.number for version in versions.order_by("number")] == [1, 2, 3, 4]
