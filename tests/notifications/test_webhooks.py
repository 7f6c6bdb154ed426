"""Webhooks: what is told to whom, signed; tried again after a failure; never to an address inside the house."""

import hashlib
import hmac
import json
import socket
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Team
from devtools.embedded import free_port
from notifications.addresses import wrong_address
from notifications.channels import Away, Refused
from notifications.channels.posting import post
from notifications.models import Attempt, Delivery, WebhookTarget
from notifications.services.delivering import ATTEMPTS, deliver_pending, resend
from notifications.vocabulary import FOR_SYSTEMS, TO_SYSTEMS, Outlet
from sla.base import load_targets
from sla.services.enforcing import sweep
from tests.factories import NOON, act, make_ticket
from tickets.services.replying import reply
from tickets.triage import Impact

HOUR = timedelta(hours=1)
SECRET = "a secret of both"


def deliver(at=NOON, outlets=TO_SYSTEMS):
    return deliver_pending(now=lambda: at, outlets=outlets)


def make_hook(listener, *events, **fields):
    """A webhook that hears of `events`, of everything unless told otherwise."""
    values = {"name": "erp", "url": listener.url(), "secret": SECRET, "events": list(events or FOR_SYSTEMS)}
    return WebhookTarget.objects.create(kind="webhook", **{**values, **fields})


def told(listener):
    return [json.loads(request.body) for request in listener.requests]


def events():
    return list(Delivery.objects.exclude(target=None).order_by("pk").values_list("kind", flat=True))


def test_an_event_is_posted_in_codes_and_signed(desk, listener):
    make_hook(listener, "ticket_opened")
    ticket = make_ticket(desk.customer, impact=Impact(production_down="full"))
    assert deliver() == 1
    [request] = listener.requests
    said = json.loads(request.body)
    assert said == {
        "id": request.headers["X-LedgerDesk-Delivery"],
        "event": "ticket_opened",
        "at": NOON.isoformat(),
        "ticket": ticket.number,
        "url": f"http://127.0.0.1:8000/tickets/{ticket.number}/",
        "status": "new",
        "tier": "urgent",
        "team": "reports",
        "assignee": None,
    }
    assert request.headers["X-LedgerDesk-Event"] == "ticket_opened"
    assert request.headers["Host"] == f"127.0.0.1:{listener.port}"
    moment = str(int(NOON.timestamp()))
    expected = hmac.new(SECRET.encode(), f"{moment}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert request.headers["X-LedgerDesk-Signature"] == f"t={moment},v1={expected}"


def test_the_life_of_a_ticket_is_told_as_it_was_then_without_a_word_of_anybody(desk, listener):
    make_hook(listener)
    ticket = make_ticket(desk.customer, subject="工资表打不开")
    act(ticket, "assign", desk.manager, assignee=desk.engineer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="内部看法", public=False, at=NOON)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="请重算", at=NOON)
    reply(ticket_id=ticket.pk, author=desk.customer, body="还是不行", at=NOON)
    deliver()
    assert [said["event"] for said in told(listener)] == [
        "ticket_opened", "ticket_assigned", "staff_replied", "customer_replied"
    ]  # fmt: skip
    assert [said["assignee"] for said in told(listener)] == [None, "周航", "周航", "周航"]
    everything = b"".join(request.body for request in listener.requests).decode()
    assert not any(word in everything for word in ("工资表", "内部看法", "请重算", "还是不行", "@"))


def test_a_broken_promise_says_which_and_since_when(desk, listener):
    load_targets()
    make_hook(listener, "clock_breached")
    make_ticket(desk.customer, impact=Impact(production_down="full"))
    make_ticket(desk.customer, impact=Impact(production_down="full"))
    sweep(at=NOON + 2 * HOUR)
    deliver(NOON + 2 * HOUR)
    assert {said["milestone"] for said in told(listener)} == {100}
    assert {said["metric"] for said in told(listener)} == {"first_response"}
    assert len({said["ticket"] for said in told(listener)}) == len(listener.requests) == 2
    assert all(said["due_at"] for said in told(listener))


def test_a_target_hears_what_it_asked_for_of_its_team_while_it_is_active(desk, listener):
    make_hook(listener, "ticket_opened", name="reports", team=Team.objects.get(code="reports"))
    make_hook(listener, "ticket_opened", name="platform", team=Team.objects.get(code="platform"))
    make_hook(listener, "ticket_closed", name="closings")
    make_hook(listener, name="asleep", is_active=False)
    make_ticket(desk.customer)
    assert list(Delivery.objects.exclude(target=None).values_list("target__name", flat=True)) == ["reports"]


def test_a_rolled_back_change_tells_nobody(desk, listener):
    make_hook(listener)
    with transaction.atomic():
        make_ticket(desk.customer)
        transaction.set_rollback(True)
    assert events() == []


def test_a_delivery_has_a_person_or_a_target_and_never_both(desk, listener):
    hook = make_hook(listener)
    make_ticket(desk.customer)
    letter, event = Delivery.objects.get(target=None), Delivery.objects.get(recipient=None)
    for wrong in ({"target": hook}, {"recipient": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=letter.pk).update(**wrong)
    assert (letter.channel, event.channel) == (Outlet.EMAIL, Outlet.WEBHOOK)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, b"broken"), "HTTP 500"),
        ((404, b""), "HTTP 404"),
        ((302, b"", ("Location", "/elsewhere")), "HTTP 302"),
        (lambda handler: handler.connection.close(), None),
    ],
)
def test_whatever_is_not_taken_comes_again_with_the_same_id_and_body(desk, listener, answer, code):
    make_hook(listener, "ticket_opened")
    make_ticket(desk.customer)
    listener.answers = [answer, (204, b"")]
    assert deliver() == 0
    delivery = Delivery.objects.get(recipient=None)
    assert (delivery.state, delivery.next_attempt_at - NOON) == ("pending", timedelta(seconds=15))
    assert code is None or delivery.last_error == code
    assert deliver(delivery.next_attempt_at) == 1
    first, second = listener.requests
    assert first.path == second.path == "/hook"
    assert first.body == second.body
    assert first.headers["X-LedgerDesk-Delivery"] == second.headers["X-LedgerDesk-Delivery"]
    assert first.headers["X-LedgerDesk-Signature"] != second.headers["X-LedgerDesk-Signature"]
    log = [(attempt.status, attempt.code) for attempt in Attempt.objects.order_by("pk")]
    assert log == [(answer[0] if code else None, delivery.last_error), (204, "")]


def test_after_its_last_attempt_it_is_listed_as_failed_and_can_be_sent_again(desk, listener, caplog):
    make_hook(listener, "ticket_opened")
    make_ticket(desk.customer)
    Delivery.objects.exclude(target=None).update(attempts=ATTEMPTS - 1)
    listener.answers = [(500, b"")]
    deliver()
    delivery = Delivery.objects.get(recipient=None)
    assert (delivery.state, delivery.last_error) == ("failed", "HTTP 500")
    listener.answers = [(200, b"")]
    assert resend([delivery.pk], at=NOON) == 1
    assert deliver() == 1
    # Once more, though it was taken: the receiver lost it.
    assert resend([delivery.pk], at=NOON) == 1
    assert deliver() == 1
    assert len({request.headers["X-LedgerDesk-Delivery"] for request in listener.requests}) == 1
    assert SECRET not in caplog.text
    assert "/hook" not in caplog.text


def test_a_target_that_is_away_is_tried_once_a_run_and_holds_up_nobody(desk, listener, mailbox):
    away = make_hook(listener, "ticket_opened", name="away", url=f"http://127.0.0.1:{free_port()}/")
    make_hook(listener, "ticket_opened", name="there")
    for _number in range(3):
        make_ticket(desk.customer)
    assert deliver(outlets=Outlet.values) == 6
    assert (len(listener.requests), len(mailbox.messages)) == (3, 3)
    assert sorted(away.deliveries.values_list("attempts", flat=True)) == [0, 0, 1]
    assert away.deliveries.get(attempts=1).last_error == "ConnectionRefusedError"
    away.url = listener.url()
    away.save()
    assert deliver(NOON + HOUR) == 3


def test_what_waits_for_a_target_put_out_of_use_is_dropped(desk, listener):
    hook = make_hook(listener, "ticket_opened")
    make_ticket(desk.customer)
    hook.is_active = False
    hook.save()
    assert deliver() == 0
    assert (hook.deliveries.get().state, listener.requests) == ("dropped", [])


def drip(handler):
    """An answer that never ends, a byte now and then."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _byte in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("slow", [drip, lambda handler: time.sleep(1)])
def test_a_slow_answer_is_not_waited_for(listener, slow):
    listener.answers = [slow]
    began = time.monotonic()
    with pytest.raises(Away) as failure:
        post(listener.url(), b"{}", {}, patience=0.2)
    assert time.monotonic() - began < 0.9
    assert (failure.value.code, failure.value.answer.status) == ("TimeoutError", None)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"])
def test_nothing_connects_inside_the_house_unless_allowed(settings, listener, host):
    url = f"http://{host}:{listener.port}/hook"
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with pytest.raises(Refused):
        post(url, b"{}", {})
    assert listener.requests == []


@pytest.fixture
def names(monkeypatch):
    """What the name rebind.example leads to, an answer for each time it is asked."""
    answers, ask = [], socket.getaddrinfo

    def asked(host, port, *args, **options):
        if host == "rebind.example":
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)
            ]
        return ask(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    return answers


def test_a_name_is_asked_once_and_that_answer_is_connected_to(listener, names):
    names.append(["127.0.0.1"])
    post(f"http://rebind.example:{listener.port}/hook", b"{}", {})
    assert listener.requests[0].headers["Host"] == f"rebind.example:{listener.port}"
    assert names == []


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]])
def test_a_name_that_leads_inside_meanwhile_is_refused_when_sent(listener, names, settings, answer):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    url = f"http://rebind.example:{listener.port}/hook"
    names += [["93.184.216.34"], answer]
    assert wrong_address(url) is None
    with pytest.raises(Refused):
        post(url, b"{}", {})
    assert listener.requests == []


def test_what_may_no_longer_be_sent_to_is_given_up_and_logged(desk, listener, settings):
    make_hook(listener, "ticket_opened")
    make_ticket(desk.customer)
    settings.WEBHOOK_ALLOW_PRIVATE = False
    deliver()
    assert Delivery.objects.get(recipient=None).state == "failed"
    assert Attempt.objects.get().code == "address not allowed"
    assert listener.requests == []
