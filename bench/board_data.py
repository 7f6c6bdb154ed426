"""A desk of many tickets for bench/board_pages.py, written straight into the tables.

Every CHECK of the tables holds; clocks, conversations and history are written with the tickets.
"""

import os

from django.db import connection
from tqdm import tqdm

from accounts.models import Organisation, Role, Team, TeamMembership, User
from common import search
from sla.base import load_targets
from tests.factories import Desk, make_desk

ALL = int(os.environ.get("BENCH_ALL", "100000"))
OPEN = min(ALL, int(os.environ.get("BENCH_OPEN", "5000")))
TEAMS = max(3, int(os.environ.get("BENCH_TEAMS", "12")))
BLOCK = 5000

SUBJECTS = (
    "反结账后 10 月凭证断号，无法重新结账", "数电发票勾选认证报“税局接口超时”", "薪资凭证生成失败：科目辅助项缺失",
    "月结报表看不到，合并底稿空白", "银企直连回单拉不下来",
    "季度所得税申报表取数为 0", "系统慢：打开余额表要等 40 秒",
    "应收核销后往来余额对不上", "固定资产折旧少提一个月",
    "凭证打印格式错位", "预算占用没有释放", "多币种重估损益方向相反",
    "导出余额表时提示 ORA-00060 死锁", "NC65 打开凭证节点空白", "跨年怎么调整以前年度损益？", "合并抵销分录模板怎么建",
)  # fmt: skip
# Who of a team gets which of its tickets: turn about.
SEATS = """
CREATE TEMP TABLE seat AS SELECT team_id, user_id, row_number() OVER (PARTITION BY team_id ORDER BY user_id) - 1 AS n,
  count(*) OVER (PARTITION BY team_id) AS seats FROM accounts_teammembership m
  JOIN accounts_user u ON u.id = m.user_id AND u.email LIKE '%@bench.example';
"""
# The last {open} are open; of the others every fiftieth waits to be confirmed. Ages lie within the promises,
# every twentieth open ticket is late.
CASES = """
CREATE TEMP TABLE case_of AS SELECT i, i > {ended} AS open, i <= {ended} AND i % 200 = 0 AS resolved,
  (ARRAY['new','assigned','assigned','in_progress','in_progress','in_progress','in_progress','waiting_customer',
    'waiting_vendor','new'])[1 + i % 10] AS stage,
  (ARRAY['urgent','general','general','general','consultation'])[1 + i / 10 % 5] AS tier,
  CASE WHEN i > {ended} THEN now() - (0.02 + i % 97 / 100.0 + (i % 20 = 7)::int)
      * (ARRAY['1 hour','24 hours','24 hours','24 hours','48 hours'])[1 + i / 10 % 5]::interval
    ELSE now() - '10 days'::interval - ({ended} - i) * '3 minutes'::interval END AS at
FROM generate_series({first}, {last}) i;
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
  CASE WHEN c.open AND c.stage = 'new' THEN NULL ELSE e.user_id END, 'web', '{{}}', 3, c.at, c.at,
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
JOIN seat e ON e.team_id = t.id AND e.n = c.i / 11 %% e.seats
JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM catalog_product) p ON p.n = 1 + c.i %% 9
JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM catalog_module) m ON m.n = 1 + c.i %% 8
ORDER BY c.at;
"""
AROUND = """
CREATE TEMP TABLE written AS SELECT * FROM tickets_ticket WHERE source_ref IN (SELECT i::text FROM case_of);
INSERT INTO sla_clock (ticket_id, metric, cycle, state, tier, within, allowed, started_at, due_at, paused_at,
  paused_for, stopped_at, breached_at, next_check_at)
SELECT t.id, k.metric, 1, state, t.tier, k.within, k.within, t.created_at, due,
  CASE WHEN state = 'paused' THEN t.created_at + '30 minutes'::interval END, '0', ended,
  CASE WHEN coalesce(ended, CASE WHEN state = 'running' THEN now() END) > due THEN due END,
  CASE WHEN state = 'running' AND due > now() THEN due END
FROM written t JOIN sla_target k ON k.tier = t.tier AND k.metric <> 'next_response'
CROSS JOIN LATERAL (SELECT CASE WHEN k.metric = 'resolution' THEN t.resolved_at ELSE t.first_responded_at END,
  t.created_at + k.within) e(ended, due)
CROSS JOIN LATERAL (SELECT CASE WHEN ended IS NOT NULL THEN 'stopped'
  WHEN k.metric = 'resolution' AND t.status = 'waiting_customer' THEN 'paused' ELSE 'running' END) f(state);
UPDATE tickets_ticket t SET next_due_at = c.due FROM (SELECT ticket_id, min(due_at) AS due FROM sla_clock
  WHERE state = 'running' AND ticket_id IN (SELECT id FROM written) GROUP BY ticket_id) c WHERE c.ticket_id = t.id;
INSERT INTO tickets_message (ticket_id, author_id, kind, body, by_staff, is_automatic, channel, at)
SELECT t.id, CASE WHEN k % 2 = 1 THEN t.assignee_id ELSE t.requester_id END, 'public', '请看一下附件里的截图。',
  k % 2 = 1, false, 'web', t.created_at + k * '10 minutes'::interval
FROM written t, generate_series(0, CASE WHEN t.closed_at IS NULL THEN 5 ELSE 2 END) k WHERE t.assignee_id IS NOT NULL;
INSERT INTO tickets_historyentry (ticket_id, at, actor_id, event, field, old, new, data, is_public)
SELECT t.id, t.created_at + k * '10 minutes'::interval, t.assignee_id, 'take', 'status', '"new"', '"in_progress"',
  '{}', true FROM written t, generate_series(0, CASE WHEN t.closed_at IS NULL THEN 7 ELSE 3 END) k;
DROP TABLE written; DROP TABLE case_of;
"""


def people() -> None:
    """200 organisations with five customers each, and five engineers a team."""
    houses = Organisation.objects.bulk_create(
        Organisation(code=f"org-{n}", name=f"单位 {n}") for n in range(1, 201)
    )
    Team.objects.bulk_create(
        Team(code=f"team-{n}", name_zh=f"团队 {n}", name_en=f"Team {n}", position=200)
        for n in range(Team.objects.count() + 1, TEAMS + 1)
    )
    User.objects.bulk_create(
        User(email=f"customer-{n}@bench.example", name=f"客户 {n}", organisation=houses[n % 200])
        for n in range(1, 1001)
    )
    engineers = User.objects.bulk_create(
        User(email=f"engineer-{n}@bench.example", name=f"工程师 {n}", role=Role.ENGINEER)
        for n in range(1, TEAMS * 5 + 1)
    )
    teams = list(Team.objects.order_by("pk"))
    TeamMembership.objects.bulk_create(
        TeamMembership(team=teams[n % TEAMS], user=person) for n, person in enumerate(engineers)
    )


def fill() -> Desk:
    """Write people, tickets, clocks, conversations and history: a few statements for thousands of tickets."""
    load_targets()
    desk = make_desk()
    vectors = [search.document({"A": subject}).get_source_expressions()[0].value for subject in SUBJECTS]
    given = {"subjects": list(SUBJECTS), "vectors": vectors}
    with connection.cursor() as cursor, tqdm(total=ALL, unit=" tickets", desc="Writing") as bar:
        people()
        cursor.execute(SEATS)
        for first in range(1, ALL + 1, BLOCK):
            last = min(first + BLOCK - 1, ALL)
            cursor.execute(CASES.format(ended=ALL - OPEN, first=first, last=last))
            cursor.execute(TICKETS.format(teams=TEAMS, subjects=len(SUBJECTS)), given)
            cursor.execute(AROUND)
            bar.update(last - first + 1)
        cursor.execute("VACUUM ANALYZE")
    return desk
