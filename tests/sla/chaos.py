"""A storm over the fleet: tickets that fall due while their customers are answered, and processes that die."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2

from devtools.place import ROOT
from tests.sla.fleet import Fleet

PEOPLE = """
from accounts.models import User
from tests.factories import make_desk
result = User.objects.exists() or bool(make_desk())
"""
# Urgent tickets, filed a little less than an hour ago, one after the other: each due a moment after the one before.
FILE = """
from datetime import datetime, timedelta
from accounts.models import User
from tests.factories import make_ticket
from tickets.triage import Impact
first, over, count = datetime.fromisoformat({first!r}), timedelta(seconds={over}), {count}
customer = User.objects.get(email="customer@test.example")
made = [
    make_ticket(customer, at=first - timedelta(hours=1) + over * number / count, impact=Impact(production_down="full"))
    for number in range(count)
]
result = [ticket.pk for ticket in made]
"""
# Answers every third ticket some time around its due moment; what fails for the storm is tried again.
ANSWER = """
import sys, json, time, django
django.setup()
from django.db import connection, DatabaseError
from accounts.models import User
from common import clock
from tickets.services.replying import reply
ids = json.loads(sys.argv[1])
author, pause = sys.argv[2], float(sys.argv[3])
for number, pk in enumerate(ids):
    time.sleep(pause)
    while True:
        try:
            reply(ticket_id=pk, author=User.objects.get(email=author), body="您好", at=clock.now())
            break
        except DatabaseError:
            connection.close()
            time.sleep(0.2)
"""
# Rows that must not be, by what they would mean.
WRONG = {
    "a broken promise that is not on record": """
        SELECT id FROM sla_clock c WHERE ticket_id = ANY(%(ids)s) AND metric = 'first_response' AND breached_at IS NULL
        AND COALESCE(stopped_at, now()) > due_at""",
    "a kept promise on record as broken": """
        SELECT id FROM sla_clock WHERE ticket_id = ANY(%(ids)s) AND stopped_at <= due_at AND breached_at IS NOT NULL""",
    "a breach at another instant than the due moment": """
        SELECT id FROM sla_clock WHERE ticket_id = ANY(%(ids)s) AND breached_at <> due_at""",
    "a breach without its milestone": """
        SELECT c.id FROM sla_clock c WHERE ticket_id = ANY(%(ids)s) AND breached_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM sla_milestone m WHERE m.clock_id = c.id AND m.share = 100)""",
    "a milestone ahead of its time": """
        SELECT c.id FROM sla_clock c JOIN sla_milestone m ON m.clock_id = c.id WHERE ticket_id = ANY(%(ids)s)
        AND m.at < c.started_at + c.within * m.share / 100""",
    "a breach told twice in the history, or never": """
        SELECT c.id FROM sla_clock c LEFT JOIN tickets_historyentry h ON h.ticket_id = c.ticket_id
            AND h.event = 'clock_breached' AND h.field = c.metric
        WHERE c.ticket_id = ANY(%(ids)s) AND c.breached_at IS NOT NULL GROUP BY c.id HAVING count(h.id) <> 1""",
    "a breach of which the manager was told twice, or never": """
        SELECT c.id FROM sla_clock c LEFT JOIN notifications_notification n ON n.ticket_id = c.ticket_id
            AND n.kind = 'clock_breached' AND n.data->>'milestone' = '100' AND n.data->>'metric' = c.metric
            AND n.user_id = (SELECT id FROM accounts_user WHERE email = 'manager@test.example')
        WHERE c.ticket_id = ANY(%(ids)s) AND c.breached_at IS NOT NULL GROUP BY c.id HAVING count(n.id) <> 1""",
    "an open clock without a next check": """
        SELECT id FROM sla_clock WHERE ticket_id = ANY(%(ids)s) AND state = 'running' AND next_check_at IS NULL""",
    "an answer that was acknowledged and is gone": """
        SELECT t FROM unnest(%(answered)s::bigint[]) AS t
        WHERE (SELECT count(*) FROM tickets_message m WHERE m.ticket_id = t) <> 1""",
}
OPEN = """
SELECT count(*) FROM sla_clock WHERE ticket_id = ANY(%s) AND metric = 'first_response' AND state = 'running'
AND breached_at IS NULL
"""
LATEST = """
SELECT max(m.at - c.due_at) FROM sla_clock c JOIN sla_milestone m ON m.clock_id = c.id AND m.share = 100
WHERE c.ticket_id = ANY(%s) AND c.metric = 'first_response'
"""


class Storm:
    """`tickets` urgent tickets whose first response falls due one after the other within `over`."""

    def __init__(self, fleet: Fleet, *, tickets: int, over: timedelta) -> None:
        self.fleet = fleet
        fleet.python(PEOPLE)
        # Time enough to file them all.
        self.first = datetime.now(UTC) + timedelta(seconds=2 + tickets * 0.04)
        self.over = over
        source = FILE.format(first=self.first.isoformat(), over=over.total_seconds(), count=tickets)
        self.ids: list[int] = fleet.python(source)
        self.answered = self.ids[::3]
        fleet.stop_hands()
        self._answering: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Somebody answers every third ticket, about when it falls due, whatever happens."""
        pause = self.over.total_seconds() / max(1, len(self.answered))
        arguments = [json.dumps(self.answered), "engineer@test.example", str(pause)]
        wait = max(0.0, (self.first - datetime.now(UTC)).total_seconds())
        time.sleep(wait)
        with (self.fleet.folder / "answers.log").open("ab") as output:
            self._answering = subprocess.Popen(
                [sys.executable, "-c", ANSWER, *arguments], cwd=ROOT, stdout=output, stderr=output,
                env={**self.fleet.environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
            )  # fmt: skip

    def play(self, *blows: tuple[float, Callable[[], Any]]) -> None:
        """Strike, each blow that many seconds after the storm began. What it starts belongs to this thread."""
        began = time.monotonic()
        for seconds, blow in blows:
            time.sleep(max(0.0, began + seconds - time.monotonic()))
            blow()

    def finished(self, *, within: float) -> bool:
        """Whether everything that was to happen has, and every promise is judged, within that many seconds."""
        deadline = time.monotonic() + within
        assert self._answering is not None
        with suppress(subprocess.TimeoutExpired):
            self._answering.wait(max(0.1, deadline - time.monotonic()))
        answered = self._answering.poll() == 0
        self._answering.kill()
        while time.monotonic() < deadline:
            with suppress(psycopg2.OperationalError):
                if datetime.now(UTC) > self.first + self.over and not self.open():
                    return answered
            time.sleep(0.2)
        return False

    def open(self) -> int:
        """Promises neither kept nor on record as broken."""
        return int(self.fleet.sql(OPEN, self.ids)[0][0])

    def wrong(self) -> list[str]:
        """What must not be and is."""
        with self.fleet.connection() as connection, connection.cursor() as cursor:
            found = []
            for meaning, query in WRONG.items():
                cursor.execute(query, {"ids": self.ids, "answered": self.answered})
                found += [f"{meaning}: {row[0]}" for row in cursor.fetchall()]
        return found

    def latest(self) -> timedelta:
        """How late the latest breach came on record."""
        found: timedelta = self.fleet.sql(LATEST, self.ids)[0][0]
        return found
