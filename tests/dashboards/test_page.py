"""The figures page, its exports and the lists behind it."""

import csv
import io
import json
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from dashboards import blocks
from dashboards.drilldown import FIGURES
from tests.dashboards.making import DAY, HOUR, mixed_desk, read, solved_at_once
from tests.factories import NOON, act, make_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
MARCH = {"from": "2026-03-01", "to": "2026-04-01"}
URL = "/figures/"


@pytest.fixture(autouse=True)
def may():
    with time_machine.travel(NOON + 60 * DAY, tick=False):
        yield


@pytest.fixture
def boss(client, desk):
    type(desk.manager).objects.filter(pk=desk.manager.pk).update(language="en")
    client.force_login(desk.manager)
    return client


def addresses():
    lists = [f"/figures/{figure}/tickets/" for figure in FIGURES]
    files = [f"/figures/{figure}/tickets.csv" for figure in FIGURES]
    tables = [f"/figures/tables/{table}.csv" for table in blocks.TABLES]
    return [URL, "/figures/figures.xlsx", *lists, *files, *tables]


@pytest.mark.parametrize("filled", [False, True])
def test_every_address_answers_with_and_without_tickets(boss, desk, filled):
    if filled:
        mixed_desk(desk)
    assert {address: boss.get(address, MARCH).status_code for address in addresses()} == dict.fromkeys(
        addresses(), 200
    )


@pytest.mark.parametrize("who", ["customer", "colleague", "engineer"])
def test_to_others_there_is_nothing_here(client, desk, who):
    client.force_login(getattr(desk, who))
    assert {client.get(address).status_code for address in addresses()} == {404}


def test_it_is_only_looked_at(boss):
    assert boss.post(URL).status_code == 405


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_says_what_the_figures_say(client, desk, language):
    mixed_desk(desk)
    type(desk.admin).objects.filter(pk=desk.admin.pk).update(language=language)
    client.force_login(desk.admin)
    page = client.get(URL, MARCH)
    start, end = (page.context["asked"].scope.start, page.context["asked"].scope.end)
    found = read(start=start, end=end, at=NOON + 60 * DAY)
    cards = {card.code: card for row in page.context["rows"] for card in row}
    assert (cards["fcr"].value, cards["fcr"].n) == (found.fcr.value, found.fcr.denominator)
    assert (cards["nps"].value, cards["nps"].n) == (found.nps.value, found.nps.n)
    assert cards["first-response"].n == found.attainment("first_response").n
    assert cards["backlog"].shown == str(found.backlog)
    for card in cards.values():
        assert card.formula_text
        assert f'href="{card.href.replace("&", "&amp;")}"' in page.text
    assert f"{100 * found.fcr.value:.1f}" in page.text


def test_page_and_api_agree(boss, desk):
    mixed_desk(desk)
    answer = boss.get("/api/v1/figures", MARCH).json()
    cards = {card.code: card for row in boss.get(URL, MARCH).context["rows"] for card in row}
    assert answer["fcr"]["value"] == cards["fcr"].value
    assert answer["nps"]["value"] == cards["nps"].value
    assert answer["csat"]["value"] == cards["csat"].value
    assert answer["response_rate"]["value"] == cards["response-rate"].value
    assert answer["resolution_time"]["median_seconds"] == cards["resolution-time"].value
    assert [answer[name] for name in ("opened", "resolved", "backlog")] == [
        cards[name].value for name in ("opened", "resolved", "backlog")
    ]


def test_a_closed_figure_has_a_double_line_and_a_provisional_one_a_single(boss, desk):
    solved_at_once(desk, at=NOON + 55 * DAY)
    closed = {card.code: card.rule for row in boss.get(URL, MARCH).context["rows"] for card in row}
    assert (closed["opened"], closed["fcr"]) == ("is-final", "")
    period = {"from": "2026-04-01", "to": "2026-05-02"}
    running = {card.code: card.rule for row in boss.get(URL, period).context["rows"] for card in row}
    assert (running["opened"], running["resolution-time"]) == ("is-final", "is-final")
    this_month = {card.code: card.rule for row in boss.get(URL).context["rows"] for card in row}
    assert this_month["opened"] == "is-prov"


def test_few_are_not_compared(boss, desk):
    for month in (-20, 5):
        solved_at_once(desk, at=NOON + month * DAY)
    cards = {card.code: card for row in boss.get(URL, MARCH).context["rows"] for card in row}
    assert cards["fcr"].change.direction == ""
    assert "20" in cards["fcr"].change.was
    assert cards["opened"].change.direction in {"flat", "up"}


def test_dates_that_cannot_be_taken_are_kept_and_explained(boss):
    page = boss.get(URL, {"from": "2026-03-05", "through": "2026-03-01", "team": "reports"})
    assert page.status_code == 422
    assert 'value="2026-03-05"' in page.text
    assert 'value="2026-03-01"' in page.text
    assert "ends before it begins" in page.text


def test_where_there_is_nothing_the_page_shows_where_there_is(boss, desk):
    make_ticket(desk.customer)
    page = boss.get(URL)
    assert page.context["elsewhere"]["query"] == "from=2025-03-05&to=2026-03-05"
    assert boss.get(f"{URL}?{page.context['elsewhere']['query']}").context["elsewhere"] is None


def test_team_and_product_stay_chosen(boss, desk):
    make_ticket(desk.customer)
    page = boss.get(URL, {**MARCH, "team": "reports", "product": "yonyou-nc-cloud"})
    assert '<option value="reports" selected>' in page.text
    assert "team=reports&amp;product=yonyou-nc-cloud&amp;part=breached" in page.text


def test_the_charts_have_data_that_a_script_reads_and_a_table(boss, desk):
    mixed_desk(desk)
    page = boss.get(URL, MARCH)
    found = dict(re.findall(r'<script id="chart-(\w+)" type="application/json">(.*?)</script>', page.text))
    assert set(found) == {"attainment", "hours", "waits", "flow", "ages", "recommendations", "modules"}
    flow = json.loads(found["flow"])
    assert sum(flow["series"][0]["values"]) == page.context["rows"][2][0].value
    assert all(len(series["values"]) == len(flow["labels"]) for series in flow["series"])


def test_there_is_no_inline_style_or_script(boss, desk):
    mixed_desk(desk)
    text = boss.get(URL, MARCH).text
    assert not re.search(r'\sstyle="|\son\w+="|<style', text)
    assert not re.findall(r'<script(?![^>]*(?:src=|type="application/json"))', text)


def test_the_page_takes_as_many_queries_for_many_tickets_as_for_some(boss, desk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            boss.get(URL, MARCH)
        return len(captured)

    mixed_desk(desk)
    before = queries()
    mixed_desk(desk)
    mixed_desk(desk)
    assert queries() == before <= 45


def rows_in(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_table_as_csv_has_the_pages_numbers(boss, desk):
    mixed_desk(desk)
    rows = rows_in(boss.get("/figures/tables/promises.csv", MARCH))
    met = sum(int(row[2]) for row in rows[1:])
    found = boss.get("/api/v1/figures", MARCH).json()["sla"]
    assert met == sum(tier["met"] for tiers in found.values() for tier in tiers.values())
    assert boss.get("/figures/tables/nothing.csv").status_code == 404


def test_the_workbook_has_every_table(boss, desk):
    mixed_desk(desk)
    book = load_workbook(io.BytesIO(boss.get("/figures/figures.xlsx", MARCH).content))
    assert len(book.worksheets) == len(blocks.TABLES)


# --- the lists ------------------------------------------------------------------------------------------


def test_a_list_shows_the_tickets_and_why_each_counts(boss, desk):
    mixed_desk(desk)
    page = boss.get("/figures/fcr/tickets/", {**MARCH, "part": "misses"})
    for words in ("reopened after", "a follow-up came after", "questionnaire says", "more than one contact"):
        assert words in page.text
    assert "solved at first contact" not in page.text


def test_a_list_quotes_what_the_customer_wrote_and_escapes_it(boss, desk):
    mixed_desk(desk)
    Ticket.objects.update(subject="<b>坏了</b>")
    page = boss.get("/figures/csat/tickets/", MARCH)
    assert "还是空白" in page.text
    assert "<b>坏了" not in page.text


def test_a_manager_sees_only_tickets_of_own_teams_and_is_told_of_the_others(boss, desk):
    make_ticket(desk.customer, module="gl")
    hidden = make_ticket(desk.customer, module="reports")
    desk.manager.memberships.exclude(team__code="gl").delete()
    page = boss.get("/figures/opened/tickets/", MARCH)
    assert hidden.number not in page.text
    assert "1 of them is a ticket of a team you do not work in" in page.text
    assert hidden.number not in boss.get("/figures/opened/tickets.csv", MARCH).text


def test_the_next_page_comes_as_lines_for_htmx(boss, desk):
    for number in range(51):
        make_ticket(desk.customer, at=NOON + number * HOUR)
    first = boss.get("/figures/opened/tickets/", MARCH)
    following = re.search(r'hx-get="\?([^"]+)"', first.text).group(1).replace("&amp;", "&")
    rest = boss.get(f"/figures/opened/tickets/?{following}", headers={"HX-Request": "true"})
    assert rest.text.count("<tr") == 1
    assert "<html" not in rest.text
    assert "hx-get" not in rest.text


@pytest.mark.parametrize(
    "address",
    [
        "/figures/sales/tickets/",
        "/figures/fcr/tickets/?part=met",
        "/figures/fcr/tickets/?from=nonsense",
        "/figures/opened/tickets/?after=1",
        "/figures/opened/tickets.csv?tier=gold",
        "/figures/figures.xlsx?team=nobody",
    ],
)
def test_addresses_that_no_page_of_ours_links_to(boss, address):
    assert boss.get(address).status_code == 404


def test_a_list_as_csv_has_every_row(boss, desk):
    mixed_desk(desk)
    act(make_ticket(desk.customer, subject="=1+1"), "take", desk.engineer)
    rows = rows_in(boss.get("/figures/opened/tickets.csv", MARCH))
    assert len(rows) - 1 == boss.get("/api/v1/figures", MARCH).json()["opened"]
    assert "'=1+1" in {row[1] for row in rows}
