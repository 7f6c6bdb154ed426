"""The list of tickets as a file."""

import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from sla.base import load_targets
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.services.replying import reply
from tickets.triage import Impact
from tickets.views import exporting

pytestmark = pytest.mark.django_db
CSV, XLSX = "/tickets/export.csv", "/tickets/export.xlsx"


@pytest.fixture
def desk():
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        load_targets()
        yield make_desk()


def rows(answer):
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def sheet(answer):
    [found] = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets
    return list(found.iter_rows(values_only=True))


def test_it_holds_what_the_filters_let_through_and_the_reader_may_see(client, desk):
    mine = act(make_ticket(desk.customer), "take", desk.engineer)
    make_ticket(desk.stranger, category="how-to")
    make_ticket(desk.customer, module="platform")
    client.force_login(desk.engineer)
    assert len(rows(client.get(CSV))) == 2
    assert [row["单号"] for row in rows(client.get(CSV, {"tier": "general"}))] == [mine.number]
    assert len(sheet(client.get(XLSX))) == 3
    client.force_login(desk.customer)
    assert client.get(CSV).status_code == client.get(XLSX).status_code == 404


def test_a_row_says_what_became_of_the_promises_in_the_readers_time_and_language(client, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON + timedelta(hours=1))
    client.force_login(desk.engineer)
    [row] = rows(client.get(CSV))
    assert (row["提交时间"], row["首响时间"], row["首响达成"], row["解决达成"]) == (
        "2026-03-04 12:00", "2026-03-04 13:00", "是", "",
    )  # fmt: skip
    heading, line = sheet(client.get(XLSX))
    assert line[heading.index("提交时间")].isoformat() == "2026-03-04T12:00:00"


def test_a_stream_that_outlives_its_request_stays_in_the_readers_language_and_zone(client, desk):
    make_ticket(desk.customer)
    desk.engineer.language, desk.engineer.time_zone = "en", "Europe/Berlin"
    desk.engineer.save()
    client.force_login(desk.engineer)
    answer = client.get(CSV)
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        [row] = rows(answer)
    assert (row["Status"], row["Created"]) == ("New", "2026-03-04 05:00")


@pytest.mark.parametrize("subject", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)"])
def test_what_begins_like_a_formula_is_none(client, desk, subject):
    make_ticket(desk.customer, subject=subject)
    client.force_login(desk.engineer)
    assert rows(client.get(CSV))[0]["主题"] == f"'{subject}"
    [found] = load_workbook(io.BytesIO(b"".join(client.get(XLSX).streaming_content))).worksheets
    cell = found["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (subject, "s", True)


def test_it_is_read_a_page_at_a_time_with_as_many_queries_for_each(client, desk, monkeypatch):
    monkeypatch.setattr(exporting, "PAGE", 3)
    client.force_login(desk.engineer)
    counts = []
    for _round in range(2):
        for _number in range(3):
            make_ticket(desk.customer)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows(client.get(CSV))
        counts.append(len(queries))
    assert counts[1] - counts[0] == 3


@pytest.mark.parametrize("path", [CSV, XLSX])
@pytest.mark.parametrize("sort", ["", "number", "tier", "due"])
def test_it_is_in_the_order_of_the_list(client, desk, monkeypatch, path, sort):
    monkeypatch.setattr(exporting, "PAGE", 2)
    urgent = {"impact": Impact(production_down="full")}
    tickets = [make_ticket(desk.customer, **(urgent if n % 2 else {})) for n in range(5)]
    act(tickets[1], "cancel", desk.engineer)
    client.force_login(desk.engineer)
    listed = re.findall(r'class="list__no">(LD-\d+)<', client.get("/tickets/", {"sort": sort}).text)
    answer = client.get(path, {"sort": sort})
    written = [row["单号"] for row in rows(answer)] if path == CSV else [row[0] for row in sheet(answer)[1:]]
    assert written == listed
    assert len(written) == 5


def test_an_empty_list_is_a_heading(client, desk):
    client.force_login(desk.engineer)
    assert rows(client.get(CSV, {"q": "没有这个"})) == []
    assert len(sheet(client.get(XLSX, {"q": "没有这个"}))) == 1
