"""Measures the pages of bench/board.py: writes tickets straight into the tables, asks through Django's client.

Every CHECK of the tables holds; clocks, conversations and history are written with the tickets.
"""

import logging
import os
import statistics
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from accounts.models import User
from common import search
from sla.base import load_targets
from tests.factories import Desk, make_desk
from tickets.cursors import DueCursor
from tickets.models import Ticket

OPEN = int(os.environ.get("BENCH_OPEN", "5000"))
CLOSED = int(os.environ.get("BENCH_CLOSED", "50000"))
TEAMS = max(3, int(os.environ.get("BENCH_TEAMS", "12")))
RUNS = int(os.environ.get("BENCH_RUNS", "40"))

SUBJECTS = (
    "反结账后 10 月凭证断号，无法重新结账", "数电发票勾选认证报“税局接口超时”", "薪资凭证生成失败：科目辅助项缺失",
    "月结报表看不到，合并底稿空白", "银企直连回单拉不下来",
    "季度所得税申报表取数为 0", "系统慢：打开余额表要等 40 秒",
    "应收核销后往来余额对不上", "固定资产折旧少提一个月",
    "凭证打印格式错位", "预算占用没有释放", "多币种重估损益方向相反",
    "导出余额表时提示 ORA-00060 死锁", "NC65 打开凭证节点空白", "跨年怎么调整以前年度损益？", "合并抵销分录模板怎么建",
)  # fmt: skip
PEOPLE = """
INSERT INTO accounts_organisation (code, name, name_en, email_domain, is_active, created_at, contract_level, time_zone)
SELECT 'org-' || i, '单位 ' || i, '', '', true, now(), 'standard', 'Asia/Shanghai' FROM generate_series(1, 200) i;
INSERT INTO accounts_team (code, name_zh, name_en, is_active, position, is_default)
SELECT 'team-' || i, '团队 ' || i, 'Team ' || i, true, 200, false FROM generate_series(4, {teams}) i;
INSERT INTO accounts_user (password, is_superuser, email, name, role, organisation_id, is_contact_manager, language,
  time_zone, is_bot, is_active, created_at)
SELECT '', false, 'customer-' || i || '@bench.example', '客户 ' || i, 'customer', o.id, false, 'zh-hans',
  'Asia/Shanghai', false, true, now()
FROM generate_series(1, 1000) i JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM accounts_organisation
  WHERE code LIKE 'org-%') o ON o.n = 1 + i % 200;
INSERT INTO accounts_user (password, is_superuser, email, name, role, is_contact_manager, language, time_zone,
  is_bot, is_active, created_at)
SELECT '', false, 'engineer-' || i || '@bench.example', '工程师 ' || i, 'engineer', false, 'zh-hans',
  'Asia/Shanghai', false, true, now() FROM generate_series(1, {teams} * 5) i;
INSERT INTO accounts_teammembership (team_id, user_id, leads)
SELECT t.id, u.id, false FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM accounts_team) t
JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM accounts_user WHERE email LIKE 'engineer-%@bench.example') u
  ON t.n = 1 + u.n % {teams};
"""
# The last {open} are open; of the others every fiftieth waits to be confirmed. Ages lie within the promises,
# every twentieth open ticket is late.
CASES = """
CREATE TEMP TABLE case_of AS SELECT i, i > {closed} AS open, i <= {closed} AND i % 50 = 0 AS resolved,
  (ARRAY['new','assigned','assigned','in_progress','in_progress','in_progress','in_progress','waiting_customer',
    'waiting_vendor','new'])[1 + i % 10] AS stage,
  (ARRAY['urgent','general','general','general','consultation'])[1 + i / 10 % 5] AS tier,
  CASE WHEN i > {closed} THEN now() - (0.02 + i % 97 / 100.0 + (i % 20 = 7)::int)
      * (ARRAY['1 hour','24 hours','24 hours','24 hours','48 hours'])[1 + i / 10 % 5]::interval
    ELSE now() - '10 days'::interval - i * '3 minutes'::interval END AS at
FROM generate_series(1, {all}) i;
"""
TICKETS = """
INSERT INTO tickets_ticket (subject, description, requester_id, organisation_id, product_id, module_id, category_id,
  edition, product_version, production_down, users_affected, deadline, workaround, tier, tier_reasons,
  tier_override_note, status, team_id, assignee_id, channel, tags, version, created_at, updated_at,
  first_responded_at, resolved_at, closed_at, resolution, cycle, cycle_started_at, handovers,
  source, source_ref, search)
SELECT s.subject, '打开时提示 ORA-00060，重启后仍然出现。', u.id, u.organisation_id, p.id, m.id,
  (SELECT min(id) FROM catalog_category), '', '', 'none', 'one', 'none', 'awkward', c.tier, '{{}}', '',
  CASE WHEN c.open THEN c.stage WHEN c.resolved THEN 'resolved' ELSE 'closed' END, t.id,
  CASE WHEN c.open AND c.stage IN ('new') THEN NULL ELSE e.user_id END, 'web', '{{}}', 3, c.at, c.at,
  CASE WHEN NOT c.open OR c.stage NOT IN ('new', 'assigned') THEN c.at + '20 minutes'::interval END,
  CASE WHEN c.resolved THEN now() - '1 day'::interval WHEN NOT c.open THEN c.at + '5 hours'::interval END,
  CASE WHEN NOT c.open AND NOT c.resolved THEN c.at + '4 days'::interval END,
  CASE WHEN c.open THEN '' ELSE '已处理' END, 1, c.at, 0, 'bench', c.i::text, s.search::tsvector
FROM case_of c
JOIN unnest(%(subjects)s::text[], %(vectors)s::text[]) WITH ORDINALITY s(subject, search, n)
  ON s.n = 1 + c.i %% {subjects}
JOIN (SELECT id, organisation_id, row_number() OVER (ORDER BY id) n FROM accounts_user
  WHERE email LIKE 'customer-%%@bench.example') u ON u.n = 1 + c.i %% 1000
JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM accounts_team) t ON t.n = 1 + c.i / 7 %% {teams}
JOIN (SELECT team_id, min(user_id) AS user_id FROM accounts_teammembership GROUP BY team_id) e ON e.team_id = t.id
JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM catalog_product) p ON p.n = 1 + c.i %% 9
JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM catalog_module) m ON m.n = 1 + c.i %% 8
ORDER BY c.at;
"""
AROUND = """
INSERT INTO sla_clock (ticket_id, metric, cycle, state, tier, within, allowed, started_at, due_at, paused_at,
  paused_for, stopped_at, breached_at, next_check_at)
SELECT t.id, k.metric, 1, state, t.tier, k.within, k.within, t.created_at, due,
  CASE WHEN state = 'paused' THEN t.created_at + '30 minutes'::interval END, '0', ended,
  CASE WHEN coalesce(ended, CASE WHEN state = 'running' THEN now() END) > due THEN due END,
  CASE WHEN state = 'running' AND due > now() THEN due END
FROM tickets_ticket t JOIN sla_target k ON k.tier = t.tier AND k.metric <> 'next_response'
CROSS JOIN LATERAL (SELECT CASE WHEN k.metric = 'resolution' THEN t.resolved_at ELSE t.first_responded_at END,
  t.created_at + k.within) e(ended, due)
CROSS JOIN LATERAL (SELECT CASE WHEN ended IS NOT NULL THEN 'stopped'
  WHEN k.metric = 'resolution' AND t.status = 'waiting_customer' THEN 'paused' ELSE 'running' END) f(state);
UPDATE tickets_ticket t SET next_due_at = c.due FROM (SELECT ticket_id, min(due_at) AS due FROM sla_clock
  WHERE state = 'running' GROUP BY ticket_id) c WHERE c.ticket_id = t.id;
INSERT INTO tickets_message (ticket_id, author_id, kind, body, by_staff, is_automatic, channel, at)
SELECT t.id, CASE WHEN k % 2 = 1 THEN t.assignee_id ELSE t.requester_id END, 'public', '请看一下附件里的截图。',
  k % 2 = 1, false, 'web', t.created_at + k * '10 minutes'::interval
FROM tickets_ticket t, generate_series(0, 5) k WHERE t.assignee_id IS NOT NULL AND t.closed_at IS NULL;
INSERT INTO tickets_historyentry (ticket_id, at, actor_id, event, field, old, new, data, is_public)
SELECT t.id, t.created_at + k * '10 minutes'::interval, t.assignee_id, 'take', 'status', '"new"', '"in_progress"',
  '{{}}', true FROM tickets_ticket t, generate_series(0, 7) k WHERE t.closed_at IS NULL;
"""


def fill() -> Desk:
    """Write people, tickets, clocks, conversations and history; one statement a table, not one a row."""
    load_targets()
    desk = make_desk()
    sizes = {"open": OPEN, "closed": CLOSED, "all": OPEN + CLOSED, "teams": TEAMS, "subjects": len(SUBJECTS)}
    vectors = [search.document({"A": subject}).get_source_expressions()[0].value for subject in SUBJECTS]
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE.format(**sizes))
        cursor.execute(CASES.format(**sizes))
        cursor.execute(TICKETS.format(**sizes), {"subjects": list(SUBJECTS), "vectors": vectors})
        cursor.execute(AROUND.format(**sizes))
        cursor.execute("VACUUM ANALYZE")
    return desk


def line(name: str, ask: Callable[[], HttpResponse]) -> None:
    """Print status, number of queries, median and 95th percentile of a page, and how much of it Python computed."""
    try:
        answer = ask()
    except NotImplementedError:
        print(f"{name:42} not built yet")
        return
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
    cuts = statistics.quantiles(taken, n=20)
    print(
        f"{name:42} {answer.status_code}  {queries:3} queries  "
        f"p50 {statistics.median(taken):6.1f} ms  p95 {cuts[18]:6.1f} ms  "
        f"python {computed:6.1f} ms  {len(answer.content) / 1024:6.0f} KB"
    )


def signed_in(user: User) -> Client:
    """A browser of theirs."""
    client = Client()
    client.force_login(user)
    return client


def measure_boards(desk: Desk) -> None:
    """The board as each role sees it."""
    for role in ("engineer", "manager", "admin"):
        client = signed_in(getattr(desk, role))
        line(f"board, {role}", lambda client=client: client.get("/board/"))
    admin = signed_in(desk.admin)
    line("board, admin, by tier", lambda: admin.get("/board/?lanes=tier"))
    line("board, admin, one team", lambda: admin.get("/board/?team=gl"))
    line("board, admin, one organisation", lambda: admin.get("/board/?organisation=org-7"))
    line("board, admin, 凭证", lambda: admin.get("/board/?q=凭证"))
    line("board, admin, the columns again", lambda: admin.get("/board/", headers={"HX-Request": "true"}))
    middle = Ticket.objects.filter(status="in_progress").order_by("next_due_at", "pk")[1000]
    further = f"/board/?column=in_progress&after={DueCursor.of(middle)}"
    line("board, admin, one column further", lambda: admin.get(further, headers={"HX-Request": "true"}))
    line("board, admin, one card", lambda: admin.get(f"/board/cards/{middle.number}/"))
    line(
        "board, admin, a refused drop",
        lambda: admin.post(f"/board/cards/{middle.number}/move/", {"to": "new"}),
    )


def measure_lists(desk: Desk) -> None:
    """The list, its first page and one far down."""
    for role in ("engineer", "admin"):
        client = signed_in(getattr(desk, role))
        line(f"list, {role}, newest first", lambda client=client: client.get("/tickets/"))
        line(f"list, {role}, due first", lambda client=client: client.get("/tickets/?sort=due"))
    admin = signed_in(desk.admin)
    far = Ticket.objects.filter(next_due_at=None).order_by("pk")[CLOSED // 2]
    line(
        "list, admin, due first, far down", lambda: admin.get(f"/tickets/?sort=due&after={DueCursor.of(far)}")
    )
    line("list, admin, 凭证", lambda: admin.get("/tickets/?q=凭证"))


def measure_tickets(desk: Desk, settings: object) -> None:
    """One ticket, and filing one by the API."""
    settings.FILINGS_PER_HOUR = 1_000_000
    ticket = Ticket.objects.filter(status="in_progress").order_by("pk").first()
    admin = signed_in(desk.admin)
    line("ticket page, admin", lambda: admin.get(f"/tickets/{ticket.number}/"))
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
    line("GET /api/v1/board", lambda: program.get("/api/v1/board"))


def explain(desk: Desk) -> None:
    """The plans of the board's statements, for an engineer and for an administrator."""
    for role in ("engineer", "admin"):
        with CaptureQueriesContext(connection) as captured:
            signed_in(getattr(desk, role)).get("/board/")
        for query in captured.captured_queries:
            if "tickets_ticket" not in query["sql"] or not query["sql"].startswith(("SELECT", "(")):
                continue
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + query["sql"].replace("%", "%%"))
                plan = "\n".join(row[0] for row in cursor.fetchall())
            print(f"\n-- {role}: {query['sql'][:300]}\n{plan}")


@pytest.mark.django_db(transaction=True)
def test_how_long_the_pages_take(settings: object) -> None:
    """Fill and measure."""
    logging.disable(logging.WARNING)
    began = time.perf_counter()
    desk = fill()
    print(f"\n{OPEN:,} open and {CLOSED:,} ended tickets, written in {time.perf_counter() - began:.0f} s")
    measure_boards(desk)
    measure_lists(desk)
    measure_tickets(desk, settings)
    if os.environ.get("BENCH_EXPLAIN"):
        explain(desk)
