"""An organisation's month as numbers, page, PDF, workbook and JSON."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Organisation
from dashboards import statement_pdf
from dashboards.formulae import Attainment
from dashboards.statement import NotBegun, month_of, parse_month, statement
from sla.base import load_targets
from tests.dashboards.making import mixed_desk, read, solved_at_once
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Ticket
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH = month_of(date(2026, 3, 1))
LATER = NOON + 60 * DAY
PAGE = "/statements/hengxin/2026-03/"


@pytest.fixture
def desk():
    with time_machine.travel(LATER, tick=False):
        load_targets()
        desk = make_desk()
        for person in desk.people().values():
            person.language = "en"
            person.save()
        yield desk


@pytest.fixture
def late(desk):
    """Nine days for a promise of three, of which the customer took one and the vendor two."""
    ticket = act(make_ticket(desk.customer, subject="=合并底稿是空白"), "take", desk.engineer, NOON)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="请看", at=NOON + HOUR)
    act(ticket, "wait_customer", desk.engineer, NOON + DAY)
    reply(ticket_id=ticket.pk, author=desk.customer, body="好", at=NOON + 2 * DAY)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="收到", at=NOON + 2 * DAY + HOUR)
    ticket.refresh_from_db()
    ticket = act(ticket, "wait_vendor", desk.engineer, NOON + 3 * DAY)
    ticket = act(ticket, "resume", desk.engineer, NOON + 5 * DAY)
    return act(ticket, "resolve", desk.engineer, NOON + 9 * DAY, resolution="好了")


def told(desk, who="admin", month=MARCH, at=LATER):
    return statement(Organisation.objects.get(code="hengxin"), month, reader=getattr(desk, who), at=at)


def get(user, address):
    client = Client()
    client.force_login(user)
    return client.get(address)


def test_what_was_missed_is_listed_with_whose_the_time_was(desk, late):
    (miss,) = told(desk).misses
    assert (miss.number, miss.metric, miss.ended_at) == (late.number, "resolution", NOON + 9 * DAY)
    assert (miss.due_at, miss.late) == (NOON + 4 * DAY, 5 * DAY)
    assert (miss.split.ours, miss.split.customer, miss.split.vendor) == (6 * DAY, DAY, 2 * DAY)
    assert miss.split.wall == 9 * DAY


def test_a_month_is_shanghais_and_half_open():
    assert MARCH.start_at == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert MARCH.end_at == datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert parse_month("2026-12").end == date(2027, 1, 1)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "202603", "1999-12", "x", "2026-03-01"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_month(text)


def test_the_statements_of_all_organisations_are_the_figures(desk):
    mixed_desk(desk)
    # Those of `mixed_desk` who belong nowhere have no statement.
    Ticket.objects.filter(organisation=None).update(organisation=desk.stranger.organisation)
    figures = read(start=MARCH.start_at, end=MARCH.end_at)
    found = [statement(one, MARCH, reader=desk.admin, at=LATER) for one in Organisation.objects.all()]
    for metric in figures.sla:
        pooled = sum((each.of(metric) for each in found), start=Attainment(0, 0))
        assert pooled == figures.attainment(metric)
    assert all(len(each.misses) == each.total.breached for each in found)
    assert sum(each.filed for each in found) == figures.opened


def test_a_month_without_promises_says_so(desk):
    page = get(desk.manager, "/statements/hengxin/2025-01/")
    assert page.status_code == 200
    assert "Nothing fell due in this month." in page.text
    assert get(desk.manager, "/statements/hengxin/2025-01/statement.pdf").content.startswith(b"%PDF")


def test_a_month_that_has_not_begun_is_refused_with_a_sentence(desk):
    with pytest.raises(NotBegun):
        told(desk, month=parse_month("2027-01"))
    page = get(desk.manager, "/statements/hengxin/2027-01/")
    assert page.status_code == 422
    assert "This month has not begun yet." in page.text
    assert get(desk.manager, "/statements/hengxin/2027-01/statement.pdf").status_code == 404
    answer = get(desk.manager, "/api/v1/statements/hengxin/2027-01")
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["month"])
    assert get(desk.manager, "/api/v1/statements/hengxin/2026-13").status_code == 422


@pytest.mark.parametrize("path", ["nobody/2026-03/", "hengxin/2026-13/", "boyuan/2026-03/"])
def test_what_is_not_there_or_somebody_elses_is_not_found(desk, path):
    assert get(desk.colleague, f"/statements/{path}").status_code == 404


def test_the_running_month_is_told_up_to_now(desk):
    found = told(desk, month=parse_month("2026-05"))
    assert not found.is_final
    assert told(desk).is_final
    assert "The month is not over" in get(desk.manager, "/statements/hengxin/2026-05/").text


def test_the_page_lists_the_miss_for_those_who_see_the_ticket(desk, late):
    page = get(desk.colleague, PAGE).text
    assert 'class="roomy"' in page
    assert "1 promise was not kept" in page
    assert f'href="/tickets/{late.number}/"' in page
    assert "2026-03-13 12:00" in page


def test_of_other_teams_tickets_a_manager_reads_the_number_alone(desk, late):
    desk.manager.memberships.all().delete()
    page = get(desk.manager, PAGE).text
    assert late.number in page
    assert "合并底稿是空白" not in page
    assert f'href="/tickets/{late.number}/"' not in page


def test_the_list_shows_twelve_months_of_those_one_may_read(desk, late):
    page = get(desk.manager, "/statements/").text
    assert page.count("/statements/hengxin/") == page.count("/statements/boyuan/") == 12
    assert 'href="/statements/hengxin/2026-03/" aria-label="Hengxin Group, March 2026: 66.7%"' in page
    assert "boyuan" not in get(desk.colleague, "/statements/").text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pdf_embeds_no_more_letters_than_it_uses(desk, late, language):
    desk.manager.language = language
    desk.manager.save()
    answer = get(desk.manager, f"{PAGE}statement.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "statement-hengxin-2026-03.pdf" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.rstrip().endswith(b"%%EOF")
    assert len(set(re.findall(rb"/BaseFont /([A-Z0-9+]*NotoSansSC[\w-]*)", answer.content))) == 2
    assert len(re.findall(rb"/FontFile2", answer.content)) == 2
    assert len(answer.content) < 200_000


def test_a_long_list_of_misses_goes_over_pages(desk):
    for hours in range(40):
        solved_at_once(desk, at=NOON + 6 * DAY, filed=NOON + hours * HOUR)
    content = get(desk.manager, f"{PAGE}statement.pdf").content
    assert len(re.findall(rb"/Type /Page\b", content)) > 2


def test_without_its_font_the_pdf_is_refused_with_a_sentence(desk, late, tmp_path, monkeypatch):
    monkeypatch.setattr(statement_pdf, "FONTS", tmp_path)
    answer = get(desk.manager, f"{PAGE}statement.pdf")
    assert answer.status_code == 503
    assert "its font is missing on the server" in answer.text


def test_the_workbook_has_numbers_as_numbers_and_no_formula(desk, late):
    answer = get(desk.colleague, f"{PAGE}statement.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    kept, missed = book["Promises"], book["Missed"]
    assert kept["A1"].value == "Monthly statement of service"
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    row = [cell.value for cell in missed[2]]
    assert row[:2] == [late.number, "=合并底稿是空白"]
    assert row[4].isoformat() == "2026-03-13T12:00:00"
    assert row[5:] == [120, 144, 48, 24, 0]


def test_programs_read_the_same(desk, late):
    said = get(desk.manager, "/api/v1/statements/hengxin/2026-03").json()
    assert (said["organisation"], said["start"], said["final"]) == ("hengxin", "2026-02-28T16:00:00Z", True)
    (miss,) = said["misses"]
    assert (miss["ticket"], miss["late_seconds"]) == (late.number, 5 * 86_400)
    assert (miss["ours_seconds"], miss["vendor_seconds"]) == (6 * 86_400, 2 * 86_400)
    assert {row["metric"]: row["attainment"] for row in said["kept"]} == {
        "first_response": 1, "next_response": 1, "resolution": 0,
    }  # fmt: skip


def test_the_database_is_asked_as_often_whatever_was_missed(desk, late, django_assert_max_num_queries):
    client = Client()
    client.force_login(desk.manager)
    with django_assert_max_num_queries(14) as few:
        client.get(PAGE)
    for hours in range(3):
        solved_at_once(desk, at=NOON + 6 * DAY, filed=NOON + hours * HOUR)
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)
