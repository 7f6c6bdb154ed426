"""How long the figures take: `BENCH_TICKETS=25000 BENCH_YEARS=1 python -m pytest -n 0 -s bench/figures.py`.

Writes that many made-up tickets, evenly over the years before now, into the tests' PostgreSQL, then times a
month, a quarter and a year.
"""

import logging
import os
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from catalog.models import Category, Product
from common import clock
from dashboards.selectors import figures
from tests.factories import make_desk

TICKETS = """
INSERT INTO tickets_ticket (id, subject, description, requester_id, product_id, module_id, category_id,
  edition, product_version, production_down, users_affected, deadline, workaround, tier, tier_reasons,
  tier_override_note, status, team_id, assignee_id, channel, tags, version, created_at, updated_at,
  first_responded_at, resolved_at, closed_at, resolution, cycle, cycle_started_at, handovers, source, source_ref)
SELECT i, 'S' || i, 'D', {customer}, {product}, m.id, {category}, '', '', 'none', 'one', 'none', 'awkward',
  (ARRAY['urgent','general','general','general','consultation'])[1 + i %% 5], '{{}}', '',
  CASE WHEN open THEN 'in_progress' ELSE 'closed' END, m.team_id, {engineer}, 'web', '{{}}', 3, at, at,
  at + '10 minutes'::interval * (1 + i %% 200), CASE WHEN NOT open THEN at + '1 hour'::interval * (1 + i %% 90) END,
  CASE WHEN NOT open THEN at + '1 hour'::interval * (97 + i %% 90) END, 'R', 1, at, (i %% 10 = 0)::int, '', ''
FROM (SELECT i, %(start)s::timestamptz + i * %(every)s AS at, i > %(n)s - 400 OR i %% 5000 = 0 AS open
  FROM generate_series(1, %(n)s) i) t
JOIN (SELECT id, team_id, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS c FROM catalog_module) m
  ON m.k = i %% m.c
"""
RESOLUTIONS = """
INSERT INTO tickets_resolution (ticket_id, cycle, started_at, resolved_at, resolved_by_id, team_id, first_contact,
  reopened_at)
SELECT id, 1, created_at, resolved_at, assignee_id, team_id, id %% 3 > 0,
  CASE WHEN id %% 20 = 0 THEN resolved_at + '1 day'::interval * (id %% 13) END
FROM tickets_ticket WHERE resolved_at IS NOT NULL
"""
CLOCKS = """
INSERT INTO sla_clock (ticket_id, metric, cycle, state, tier, within, allowed, started_at, due_at, paused_for,
  stopped_at, breached_at, next_check_at)
SELECT t.id, k.metric, 1, CASE WHEN ended IS NULL THEN 'running' ELSE 'stopped' END, t.tier, k.within, k.within,
  created_at, created_at + k.within, '0', ended, CASE WHEN ended > created_at + k.within THEN created_at + k.within END,
  CASE WHEN ended IS NULL THEN created_at + k.within END
FROM tickets_ticket t JOIN sla_target k ON k.tier = t.tier AND k.metric <> 'next_response'
CROSS JOIN LATERAL (SELECT CASE WHEN k.metric = 'resolution' THEN resolved_at ELSE first_responded_at END) e(ended)
"""
INVITATIONS = """
INSERT INTO surveys_invitation (resolution_id, recipient_id, engineer_id, team_id, state, asks_recommendation,
  send_after, sent_at, expires_at)
SELECT id, {customer}, resolved_by_id, team_id, CASE WHEN id %% 3 = 0 THEN 'answered' ELSE 'expired' END, true,
  resolved_at + '1 hour', resolved_at + '1 hour', resolved_at + '14 days' FROM tickets_resolution
"""
ANSWERS = """
INSERT INTO surveys_answer (invitation_id, solved, satisfaction, recommend, comment, answered_at)
SELECT id, CASE WHEN id %% 17 = 0 THEN 'no' ELSE 'yes' END, 1 + id %% 5, id %% 11, '', sent_at + '1 hour'
FROM surveys_invitation WHERE state = 'answered'
"""


def fill(tickets: int, start: datetime, end: datetime) -> None:
    """Write tickets, resolutions, clocks, questionnaires and answers, spread evenly from `start` to `end`."""
    desk = make_desk()
    ids = {
        "customer": desk.customer.pk,
        "engineer": desk.engineer.pk,
        "product": Product.objects.get(code="yonyou-nc65").pk,
        "category": Category.objects.get(code="defect").pk,
    }
    values = {"n": tickets, "start": start, "every": (end - start) / tickets}
    with connection.cursor() as cursor:
        for statement in (TICKETS, RESOLUTIONS, CLOCKS, INVITATIONS, ANSWERS):
            cursor.execute(statement.format(**ids), values)
        cursor.execute("VACUUM ANALYZE")


def timed(work: Callable[[], object], runs: int = 5) -> str:
    """Median and slowest of some runs, in milliseconds, the first one aside."""
    work()
    taken = []
    for _run in range(runs):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return f"median {statistics.median(taken):7.0f} ms   slowest {max(taken):7.0f} ms"


def measure(now: datetime) -> None:
    """Print what each period takes: the numbers themselves, then the page and two lists as a manager gets them."""
    client = Client()
    client.force_login(User.objects.get(email="manager@test.example"))
    for name, days in (("month", 30), ("quarter", 91), ("year", 365)):
        start = now - timedelta(days=days)
        read = partial(figures, start=start, end=now, team=None, product=None, at=now)
        print(f"{name}: figures", timed(read))
        dates = {"from": f"{start:%Y-%m-%d}", "to": f"{now + timedelta(days=1):%Y-%m-%d}"}
        for page in ("/figures/", "/figures/opened/tickets/", "/figures/fcr/tickets/"):
            print(f"{name}: {page}", timed(partial(client.get, page, dates)))


@pytest.mark.django_db(transaction=True)
def test_how_long_the_figures_take() -> None:
    """Fill and measure."""
    logging.disable(logging.WARNING)
    tickets, years = int(os.environ.get("BENCH_TICKETS", "25000")), float(os.environ.get("BENCH_YEARS", "1"))
    now, began = clock.now(), time.perf_counter()
    fill(tickets, now - timedelta(days=365 * years), now)
    print(f"\n{tickets:,} tickets over {years:g} years, written in {time.perf_counter() - began:.0f} s")
    measure(now)
