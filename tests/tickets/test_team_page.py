"""The team's page: who is there, what they hold; hours, leave, skills and the way tickets are given out."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Leave, Team, WorkingHours
from catalog.models import Certificate, HeldCertificate, Module, Skill
from tests.factories import NOON, act, join, make_desk, make_ticket, make_user
from tickets.forms.acting import ActionForm
from tickets.forms.bulk import BulkForm
from tickets.workflow import ACTIONS

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A Wednesday, ten in the morning in Shanghai.
MORNING = NOON - 2 * HOUR


@pytest.fixture
def desk():
    with time_machine.travel(MORNING, tick=False):
        yield make_desk()


@pytest.fixture
def lead(client, desk):
    client.force_login(desk.manager)
    return client


def away(person, *, note="", start=MORNING - HOUR, end=MORNING + DAY) -> Leave:
    return Leave.objects.create(user=person, starts_at=start, ends_at=end, note=note, updated_at=MORNING)


def hold(desk, person, count=1):
    for _number in range(count):
        act(make_ticket(desk.customer, at=MORNING), "assign", desk.manager, MORNING, assignee=person)


# --- what it shows --------------------------------------------------------------------------------------


def test_it_says_who_is_there_until_when_others_are_away_and_what_each_holds(lead, desk):
    hold(desk, desk.manager)
    away(desk.engineer, note="去体检")
    page = lead.get("/team/").text
    assert "在岗" in page
    assert "休假至明天 10:00" in page
    assert "去体检" in page
    assert "1 张未结工单" in page


def test_who_leads_is_told_of_tickets_with_somebody_away_and_led_to_them(client, lead, desk):
    hold(desk, desk.engineer, 2)
    assert "手上还有" not in lead.get("/team/").text
    away(desk.engineer, note="去体检")
    page = lead.get("/team/").text
    assert "周航手上还有 2 张工单，休假至明天 10:00。" in page
    link = f"/tickets/?status=open&amp;assignee={desk.engineer.pk}"
    assert link in page
    assert (
        "<b>LD-" in lead.get(link.replace("&amp;", "&")).text
        or "月结报表看不到" in lead.get("/tickets/").text
    )
    client.force_login(desk.engineer2)
    join(desk.engineer2, "reports")
    page = client.get("/team/").text
    assert "手上还有" not in page
    assert "去体检" not in page


def test_the_queries_are_as_many_for_many_people_as_for_some(lead, desk, django_assert_max_num_queries):
    lead.get("/team/")
    with django_assert_max_num_queries(20) as few:
        lead.get("/team/")
    for number in range(5):
        person = make_user(f"n{number}@test.example", "engineer", password=None)
        join(person, "reports", "gl")
        hold(desk, person)
        Skill.objects.create(user=person, module=Module.objects.get(code="tax"))
        away(person)
    with django_assert_max_num_queries(len(few)):
        lead.get("/team/")


# --- hours, leave, skills -------------------------------------------------------------------------------


def week(**hours) -> dict[str, str]:
    usual = {f"hours-hours_{day}": "09:00-12:00, 13:30-18:00" for day in range(5)}
    return {**usual, "hours-keeps_statutory_days": "on", **hours}


def test_who_leads_says_when_somebody_works_and_it_is_kept_who_did(lead, desk):
    where = f"/team/people/{desk.engineer.pk}/"
    assert lead.post(f"{where}hours/", week(**{"hours-hours_2": "13:00-21:00"})).status_code == 302
    stored = WorkingHours.objects.get(user=desk.engineer)
    assert (stored.week[2], stored.week[6], stored.updated_by) == ([[780, 1260]], [], desk.manager)
    page = lead.get(where).text
    assert "13:00–21:00" in page
    assert "王倩" in page
    assert "不在岗，今天 13:00 上班" in lead.get("/team/").text


@pytest.mark.parametrize("said", ["nine to five", "18:00-09:00", "09:00-12:00, 11:00-15:00"])
def test_hours_no_day_can_have_come_back_as_they_were_typed(lead, desk, said):
    answer = lead.post(f"/team/people/{desk.engineer.pk}/hours/", week(**{"hours-hours_0": said}))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert said in answer.text or "09:00–12:00, 11:00–15:00" in answer.text
    assert not WorkingHours.objects.exists()


def test_a_week_without_hours_is_none_and_says_what_to_do_instead(lead, desk):
    answer = lead.post(f"/team/people/{desk.engineer.pk}/hours/", {})
    assert answer.status_code == 422
    assert "请至少填写一天的工作时间" in answer.text
    assert not WorkingHours.objects.exists()


def leave_fields(**fields) -> dict[str, str]:
    values = {
        "starts_at": "2026-03-05T09:00",
        "ends_at": "2026-03-06T18:00",
        "kind": "annual",
        "note": "回家",
    }
    return {f"leave-{name}": value for name, value in {**values, **fields}.items()}


def test_people_enter_their_own_leave_and_take_it_back(client, desk):
    client.force_login(desk.engineer)
    where = f"/team/people/{desk.engineer.pk}/"
    assert client.post(f"{where}leaves/", leave_fields()).status_code == 302
    leave = Leave.objects.get()
    assert (leave.starts_at, leave.updated_by) == (MORNING + DAY - HOUR, desk.engineer)
    assert "回家" in client.get(where).text
    client.post(f"{where}leaves/{leave.pk}/end/")
    assert not Leave.objects.exists()
    begun = away(desk.engineer)
    client.post(f"{where}leaves/{begun.pk}/end/")
    begun.refresh_from_db()
    assert begun.ends_at == MORNING


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": "2026-03-05T09:00"},
        {"starts_at": "2026-03-03T09:00", "ends_at": "2026-03-04T10:00"},
        {"ends_at": "2028-03-05T09:00"},
        {"starts_at": "2026-03-07T09:00", "ends_at": "2026-03-09T09:00"},
        {"kind": "forever"},
        {"starts_at": "soon"},
    ],
)
def test_a_leave_that_cannot_be_is_refused_with_what_was_typed(client, desk, fields):
    client.force_login(desk.engineer)
    away(desk.engineer, start=MORNING + 4 * DAY, end=MORNING + 5 * DAY)
    answer = client.post(f"/team/people/{desk.engineer.pk}/leaves/", leave_fields(**fields))
    assert answer.status_code == 422
    assert "回家" in answer.text
    assert Leave.objects.count() == 1


def test_administrators_enter_leave_in_the_admin_site_and_not_backwards(client, desk):
    client.force_login(desk.admin)
    when = {"starts_at_0": "2026-03-05", "starts_at_1": "09:00", "ends_at_0": "2026-03-05"}
    fields = {"user": desk.engineer.pk, "kind": "sick", **when}
    where = "/admin/accounts/leave/add/"
    assert client.post(where, {**fields, "ends_at_1": "08:00"}).status_code == 200
    assert client.post(where, {**fields, "ends_at_1": "18:00"}).status_code == 302
    assert Leave.objects.get().updated_by == desk.admin


def test_who_leads_says_what_somebody_knows_and_holds(lead, desk):
    tax, filing = (
        Module.objects.get(code="tax"),
        Certificate.objects.create(code="f", name_zh="报税", name_en="F"),
    )
    fields = {
        "skills-TOTAL_FORMS": 2,
        "skills-INITIAL_FORMS": 0,
        "skills-0-module": tax.pk,
        f"certificates-held_{filing.pk}": "on",
        f"certificates-until_{filing.pk}": "2026-03-03",
    }
    where = f"/team/people/{desk.engineer.pk}/skills/"
    assert lead.post(where, fields).status_code == 302
    assert list(Skill.objects.values_list("user", "module", "product")) == [(desk.engineer.pk, tax.pk, None)]
    assert str(HeldCertificate.objects.get().expires_on) == "2026-03-03"
    assert "已过期" in lead.get("/team/").text
    refused = lead.post(where, {**fields, f"certificates-until_{filing.pk}": "soon"})
    assert refused.status_code == 422
    lead.post(where, {"skills-TOTAL_FORMS": 1, "skills-INITIAL_FORMS": 1, "skills-0-module": ""})
    assert not Skill.objects.exists()
    assert not HeldCertificate.objects.exists()


def test_who_leads_names_a_certificate_that_is_not_listed_yet(lead, desk):
    where = f"/team/people/{desk.engineer.pk}/skills/"

    def name(said, until="", **more):
        fields = {"skills-TOTAL_FORMS": 0, "skills-INITIAL_FORMS": 0, "certificates-another": said}
        return lead.post(where, {**fields, "certificates-another_until": until, **more})

    assert name(" 中级会计师 ", "2026-12-31").status_code == 302
    certificate = Certificate.objects.get()
    assert (certificate.name_zh, certificate.name_en) == ("中级会计师", "中级会计师")
    assert str(HeldCertificate.objects.get().expires_on) == "2026-12-31"
    assert "中级会计师" in lead.get("/team/").text
    name("CPA", **{f"certificates-held_{certificate.pk}": "on"})
    name("cpa")
    assert [held.certificate.name for held in HeldCertificate.objects.all()] == ["CPA"]
    assert Certificate.objects.count() == 2
    Certificate.objects.update(is_active=False)
    for said, until in (("CPA", ""), ("", "2026-12-31"), ("证" * 81, "")):
        assert name(said, until).status_code == 422
    assert HeldCertificate.objects.count() == 1


def test_who_leads_says_how_tickets_are_given_out_and_to_whom(lead, desk):
    where = "/team/reports/assignment/"
    fields = {"way": "least_loaded", "cap": 5, "people": [desk.engineer.pk]}
    assert lead.post(where, fields).status_code == 302
    team = Team.objects.get(code="reports")
    assert (team.assignment, team.open_cap) == ("least_loaded", 5)
    assert list(team.memberships.filter(in_rotation=True).values_list("user", flat=True)) == [
        desk.engineer.pk
    ]
    for wrong in ({"way": "by magic"}, {"cap": 0}, {"people": [desk.engineer2.pk]}):
        assert lead.post(where, {**fields, **wrong}).status_code == 422


@pytest.mark.parametrize("cap", ["0", "1000", "many", "2.5"])
def test_a_cap_that_is_none_is_answered_in_plain_words(lead, desk, cap):
    answer = lead.post("/team/reports/assignment/", {"way": "round_robin", "cap": cap})
    assert answer.status_code == 422
    assert "请填写 1 到 999 之间的整数" in answer.text


# --- the choice of an assignee --------------------------------------------------------------------------


def test_the_choice_says_who_is_there_and_what_they_hold_and_names_those_who_are_there_first(desk):
    hold(desk, desk.manager)
    third = make_user("third@test.example", "engineer", name="安然", password=None)
    join(third, "reports")
    away(third)
    ticket = make_ticket(desk.customer, at=MORNING)
    shown = [text for _pk, text in ActionForm(ACTIONS["assign"], ticket).fields["assignee"].widget.choices]
    assert shown[1:] == ["周航 · 在岗 · 0 张", "王倩 · 在岗 · 1 张", "安然 · 休假至明天 10:00 · 0 张"]
    many = BulkForm(ACTIONS["assign"], [desk.manager, desk.engineer]).fields["assignee"].widget.choices
    assert [text for _pk, text in many][1:] == shown[1:3]


def test_the_choice_asks_as_much_for_many_people_as_for_some(desk, django_assert_max_num_queries):
    ticket = make_ticket(desk.customer, at=MORNING)
    with django_assert_max_num_queries(5) as few:
        ActionForm(ACTIONS["assign"], ticket)
    for number in range(4):
        join(make_user(f"n{number}@test.example", "engineer", password=None), "reports")
    with django_assert_max_num_queries(len(few)):
        ActionForm(ACTIONS["assign"], ticket)


# --- programs -------------------------------------------------------------------------------------------


def test_a_program_enters_leave_and_reads_who_is_there(client, desk):
    client.force_login(desk.manager)
    body = {
        "person": desk.engineer.pk,
        "starts_at": "2026-03-04T09:00:00+08:00",
        "ends_at": "2026-03-05T01:00:00Z",
    }
    made = client.post("/api/v1/leaves", body, content_type="application/json")
    assert (made.status_code, made.json()["kind"]) == (201, "annual")
    again = client.post("/api/v1/leaves", body, content_type="application/json")
    assert "starts_at" in again.json()["fields"]
    hold(desk, desk.engineer)
    reports = next(
        team for team in client.get("/api/v1/teams").json()["results"] if team["code"] == "reports"
    )
    found = {person["name"]: person for person in reports["people"]}
    assert (found["周航"]["presence"], found["周航"]["until"]) == ("on_leave", "2026-03-05T01:00:00Z")
    assert found["周航"]["open"] == {"urgent": 0, "general": 1, "consultation": 0}
    assert found["王倩"]["presence"] == "at_work"
    assert client.delete(f"/api/v1/leaves/{made.json()['id']}").status_code == 204
    assert Leave.objects.get().ends_at == MORNING
