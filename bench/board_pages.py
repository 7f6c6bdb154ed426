"""Measures the pages of bench/board.py by Django's client, on the desk that bench/board_data.py writes."""

import logging
import os
import statistics
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from accounts.models import User
from bench.board_data import ALL, OPEN, fill
from bench.weight import print_weight
from common.memory import settle
from tests.factories import Desk
from tickets.cursors import DueCursor
from tickets.models import Ticket
from tickets.ordering import SORTS
from tickets.vocabulary import Lanes

RUNS = int(os.environ.get("BENCH_RUNS", "40"))
ONLY = os.environ.get("BENCH_ONLY", "")
MANY = 100
HTMX = {"HX-Request": "true"}


def line(name: str, ask: Callable[[], HttpResponse]) -> None:
    """Print status, number of queries, median and 95th percentile of a page, and how much of it Python computed."""
    if ONLY not in name:
        return
    answer = ask()
    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    # Counted here: the next request clears the log.
    queries = len(captured)
    taken, computed = [], time.process_time()
    for _run in range(RUNS):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    computed = (time.process_time() - computed) / RUNS * 1000
    report(name, answer, queries, taken, computed)


def report(name: str, answer: HttpResponse, queries: int, taken: list[float], computed: float) -> None:
    """One line of the table; `taken` and `computed` in milliseconds."""
    cuts = statistics.quantiles(taken, n=20)
    print(
        f"{name:44} {answer.status_code}  {queries:3} queries  "
        f"p50 {statistics.median(taken):6.1f} ms  p95 {cuts[18]:6.1f} ms  "
        f"python {computed:6.1f} ms  {len(answer.content) / 1024:6.0f} KB"
    )


def signed_in(user: User) -> Client:
    """A browser of theirs."""
    client = Client()
    client.force_login(user)
    return client


def measure_boards(desk: Desk) -> None:
    """The board as each role sees it, in each kind of lanes."""
    for role in ("engineer", "manager", "admin"):
        client = signed_in(getattr(desk, role))
        line(f"board, {role}", lambda client=client: client.get("/board/"))
    admin = signed_in(desk.admin)
    for lanes in Lanes.values:
        line(f"board, admin, lanes by {lanes}", lambda lanes=lanes: admin.get(f"/board/?lanes={lanes}"))
    line("board, admin, one team", lambda: admin.get("/board/?team=gl"))
    line("board, admin, one organisation", lambda: admin.get("/board/?organisation=org-7"))
    line("board, admin, search 凭证", lambda: admin.get("/board/?q=凭证"))
    line("board, admin, the columns again", lambda: admin.get("/board/", headers=HTMX))
    middle = Ticket.objects.filter(status="in_progress").order_by("next_due_at", "pk")[1000]
    further = f"/board/?column=in_progress&after={DueCursor.of(middle)}"
    line("board, admin, one column further", lambda: admin.get(further, headers=HTMX))
    line("board, admin, one card", lambda: admin.get(f"/board/cards/{middle.number}/"))
    line(
        "board, admin, a refused drop",
        lambda: admin.post(f"/board/cards/{middle.number}/move/", {"to": "new"}),
    )


def measure_lists(desk: Desk) -> None:
    """The list in each order, its first page and one far down, and searched."""
    engineer, admin = signed_in(desk.engineer), signed_in(desk.admin)
    for sort in sorted(SORTS):
        line(f"list, engineer, sort {sort}", lambda sort=sort: engineer.get(f"/tickets/?sort={sort}"))
        line(f"list, admin, sort {sort}", lambda sort=sort: admin.get(f"/tickets/?sort={sort}"))
    far = Ticket.objects.filter(next_due_at=None).order_by("pk")[(ALL - OPEN) // 2]
    line(
        "list, admin, due first, far down", lambda: admin.get(f"/tickets/?sort=due&after={DueCursor.of(far)}")
    )
    for words in ("凭证", "ORA-00060", "单位 7", far.number, "反结账 断号"):
        line(f"list, admin, search {words}", lambda words=words: admin.get("/tickets/", {"q": words}))
        line(f"list, engineer, search {words}", lambda words=words: engineer.get("/tickets/", {"q": words}))


def measure_many(desk: Desk) -> None:
    """A step on a hundred tickets: beginning it does the first ten, each request after that ten more."""
    admin = signed_in(desk.admin)
    for verb, inputs in (("assign", {"assignee": desk.engineer.pk}), ("tag", {"tag": "月结"})):
        if ONLY not in f"many, {verb}":
            continue
        rows = Ticket.objects.filter(status="in_progress", team__code="gl").order_by("pk")
        chosen = [f"LD-{pk}:{version}" for pk, version in rows.values_list("pk", "version")[:MANY]]
        key, taken, computed = str(uuid4()), [], time.process_time()
        began = time.perf_counter()
        answer = admin.post(f"/tickets/bulk/{verb}/", {"ticket": chosen, "key": key, **inputs})
        taken.append((time.perf_counter() - began) * 1000)
        with CaptureQueriesContext(connection) as captured:
            while len(taken) < MANY // 10:
                began = time.perf_counter()
                answer = admin.post(f"/tickets/bulk/runs/{key}/", headers=HTMX)
                taken.append((time.perf_counter() - began) * 1000)
        computed = (time.process_time() - computed) / len(taken) * 1000
        report(f"many, {verb}, ten of {MANY}", answer, len(captured), taken, computed)
        print(f"{'':44} {sum(taken) / MANY:.1f} ms a ticket, {sum(taken) / 1000:.1f} s for {MANY}")


def measure_tickets(desk: Desk, settings: LazySettings) -> None:
    """One ticket, taking the next, and filing one by the API."""
    settings.FILINGS_PER_HOUR = 1_000_000
    ticket = Ticket.objects.filter(status="in_progress").order_by("pk").first()
    admin = signed_in(desk.admin)
    line("ticket page, admin", lambda: admin.get(f"/tickets/{ticket.number}/"))
    engineer = signed_in(desk.engineer)
    line("take next, engineer", lambda: engineer.post("/board/next/"))
    _row, token = AuthToken.objects.create(user=desk.customer)
    client = Client(headers={"Authorization": f"Token {token}"})
    filed = {
        "subject": "凭证生成失败",
        "description": "**每次**都这样。",
        "product": "yonyou-nc65",
        "module": "gl",
        "impact": {
            "production_down": "partial",
            "users_affected": "few",
            "deadline": "none",
            "workaround": "none",
        },
    }
    line(
        "POST /api/v1/tickets", lambda: client.post("/api/v1/tickets", filed, content_type="application/json")
    )
    program = Client(headers={"Authorization": f"Token {AuthToken.objects.create(user=desk.admin)[1]}"})
    line("GET /api/v1/tickets/{number}", lambda: program.get(f"/api/v1/tickets/{ticket.number}"))
    for asked in ("", "?per_column=50"):
        line(f"GET /api/v1/board{asked}", lambda asked=asked: program.get(f"/api/v1/board{asked}"))


EXPLAINED = (
    "/board/",
    *(f"/board/?lanes={lanes}" for lanes in Lanes.values),
    "/tickets/",
    "/tickets/?sort=due",
)


def explain(desk: Desk) -> None:
    """The plans of the statements of board and list, for an engineer and for an administrator."""
    for role in ("engineer", "admin"):
        for path in EXPLAINED:
            with CaptureQueriesContext(connection) as captured:
                signed_in(getattr(desk, role)).get(path)
            for query in captured.captured_queries:
                if "tickets_ticket" in query["sql"] and query["sql"].startswith(("SELECT", "(", "WITH")):
                    print(f"\n-- {role}, {path}: {query['sql'][:300]}\n{plan_of(query['sql'])}")


def plan_of(statement: str) -> str:
    """How the database went about a statement."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + statement.replace("%", "%%"))
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_how_long_the_pages_take(settings: LazySettings) -> None:
    """Fill and measure, in a process as settled as one that serves."""
    logging.disable(logging.WARNING)
    began = time.perf_counter()
    desk = fill()
    print(f"\n{ALL:,} tickets, {OPEN:,} of them open, written in {time.perf_counter() - began:.0f} s")
    settle()
    measure_boards(desk)
    measure_lists(desk)
    measure_tickets(desk, settings)
    measure_many(desk)
    if os.environ.get("BENCH_EXPLAIN") == "True":
        explain(desk)
    if os.environ.get("BENCH_WEIGHT") == "True":
        print_weight(desk.admin, "/board/")
