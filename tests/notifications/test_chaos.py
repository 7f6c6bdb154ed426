"""Workers killed at the worst moment, and a broker that is away: nothing is lost, nothing comes twice."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connection

from common import clock
from common.nudging import nudge
from devtools.embedded import free_port
from notifications.models import Delivery
from notifications.services.claiming import LEASE
from notifications.services.delivering import deliver_pending
from notifications.vocabulary import DELIVER
from sla.base import load_targets
from tests.factories import make_desk, make_ticket
from tickets.models import Message
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = [
    sys.executable, "-m", "celery", "-A", "config", "worker", "--pool=solo", "--loglevel=INFO",
    "--without-gossip", "--without-mingle", "--without-heartbeat",
]  # fmt: skip
ANSWER = """
import sys, time, django
django.setup()
from accounts.models import User
from common import clock
from tickets.services.replying import reply
ticket, author = int(sys.argv[1]), User.objects.get(pk=int(sys.argv[2]))
began = time.monotonic()
for number in range(3):
    reply(ticket_id=ticket, author=author, body=f"您好 {number}", at=clock.now())
print(time.monotonic() - began)
"""


@pytest.fixture
def ticket():
    """A ticket in the books; nothing waits to be sent."""
    load_targets()
    made = make_ticket(make_desk().customer, at=clock.now())
    Delivery.objects.all().delete()
    return made


@pytest.fixture
def engineer(ticket):
    return ticket.team.members.get(email="engineer@test.example")


def environment(mailbox, **more):
    """What another process needs to work on the same database and send through the same server."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        **os.environ,
        "DATABASE_URL": database.geturl(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **more,
    }


@contextmanager
def worker(mailbox, tmp_path):
    """A Celery worker that is ready; killed at the end."""
    log = tmp_path / f"worker-{time.monotonic_ns()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(WORKER, env=environment(mailbox), stdout=output, stderr=output)
    try:
        until(lambda: "ready" in log.read_text(), process=process, log=log)
        yield process
    finally:
        process.kill()
        process.wait()


def until(holds, *, seconds=30, process=None, log=None):
    """Wait for it; fail with the worker's log if it never comes."""
    deadline = time.monotonic() + seconds
    while not holds():
        alive = process is None or process.poll() is None
        assert alive, log.read_text()
        assert time.monotonic() < deadline, log.read_text() if log else "waited in vain"
        time.sleep(0.02)


def answer(ticket, engineer):
    reply(ticket_id=ticket.pk, author=engineer, body="请重算一次", at=clock.now())


def test_killed_between_commit_and_delivery(mailbox, ticket, engineer, tmp_path):
    with worker(mailbox, tmp_path) as first:
        first.send_signal(signal.SIGSTOP)
        answer(ticket, engineer)
        first.kill()
    assert Delivery.objects.get().state == "pending"
    assert mailbox.messages == []
    with worker(mailbox, tmp_path):
        # What the beat does every few seconds; twice and more is once.
        for _sweep in range(3):
            nudge(DELIVER)
        until(lambda: Delivery.objects.filter(state="sent").exists())
    assert len(mailbox.messages) == 1


def test_killed_between_claim_and_sending(mailbox, ticket, engineer, tmp_path):
    mailbox.stalls_before = True
    with worker(mailbox, tmp_path) as first:
        answer(ticket, engineer)
        until(lambda: mailbox.stalled)
        first.kill()
    mailbox.stalls_before = False
    assert Delivery.objects.get().leased_until is not None
    assert deliver_pending(now=clock.now) == 0
    assert deliver_pending(now=lambda: clock.now() + LEASE) == 1
    assert deliver_pending(now=lambda: clock.now() + 2 * LEASE) == 0
    assert (len(mailbox.messages), Delivery.objects.get().state) == (1, "sent")


def test_killed_between_sending_and_writing_it_down(mailbox, ticket, engineer, tmp_path):
    """At least once is what mail can promise; the same Message-ID makes it once for the reader."""
    mailbox.stalls_after = True
    with worker(mailbox, tmp_path) as first:
        answer(ticket, engineer)
        until(lambda: mailbox.stalled)
        first.kill()
    mailbox.stalls_after = False
    assert Delivery.objects.get().state == "pending"
    assert deliver_pending(now=lambda: clock.now() + LEASE) == 1
    assert len(mailbox.messages) == 2
    assert len({message["Message-ID"] for message in mailbox.messages}) == 1
    assert Delivery.objects.get().state == "sent"


@contextmanager
def no_broker():
    """The address of a port where nobody listens."""
    yield free_port()


@contextmanager
def hanging_broker():
    """The address of a server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)
        yield listener.getsockname()[1]


@pytest.mark.parametrize("broker", [no_broker, hanging_broker])
def test_without_a_broker_an_answer_is_taken_and_the_sweep_mails_it(mailbox, ticket, engineer, broker):
    with broker() as port:
        surroundings = environment(mailbox, REDIS_URL=f"redis://127.0.0.1:{port}/0")
        command = [sys.executable, "-c", ANSWER, str(ticket.pk), str(engineer.pk)]
        done = subprocess.run(command, env=surroundings, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Three answers, and all of them together waited for the broker less than once.
    assert float(done.stdout) < 3
    assert Message.objects.count() == 3
    assert deliver_pending(now=clock.now) == 3
    assert len(mailbox.messages) == 3
