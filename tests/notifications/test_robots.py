"""Chat robots: what a room reads, and what each platform's answers mean."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from requests.adapters import HTTPAdapter

from devtools.embedded import free_port
from notifications.models import Attempt, Delivery, Robot
from notifications.services.claiming import GROUP_EVERY
from notifications.services.delivering import deliver_pending
from notifications.vocabulary import FOR_SYSTEMS, TO_SYSTEMS
from sla.base import load_targets
from sla.services.enforcing import sweep
from tests.factories import NOON, act, make_ticket
from tickets.triage import Impact

HOUR = timedelta(hours=1)
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TEAMS = (
    "https://prod-161.westeurope.logic.azure.com:443/workflows/643e69f83c8944438d68119179a10a64/triggers/manual"
    "/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=kasdFG"
)
WELL = {"wecom": {"errcode": 0, "errmsg": "ok"}, "dingtalk": {"errcode": 0, "errmsg": "ok"},
        "feishu": {"code": 0, "msg": "success", "data": {}}}  # fmt: skip
URGENT = {"impact": Impact(production_down="full")}


def deliver(at=NOON):
    return deliver_pending(now=lambda: at, outlets=TO_SYSTEMS)


def make_robot(listener, kind="wecom", **fields):
    """A robot that hears of new urgent tickets and of breaches, unless told otherwise."""
    values = {"name": kind, "url": listener.url("/send?key=1"), "only_urgent": True,
              "events": ["ticket_opened", "clock_breached"]}  # fmt: skip
    if kind in WELL:
        listener.answers = [answer(WELL[kind])]
    return Robot.objects.create(kind=kind, **{**values, **fields})


def answer(said, status=200):
    return (status, json.dumps(said).encode())


def bodies(listener):
    return [json.loads(request.body) for request in listener.requests]


def texts(listener):
    return [body["text"]["content"] for body in bodies(listener)]


@pytest.fixture
def detour(listener, monkeypatch):
    """What is meant for Slack and Teams goes to the listener: their hosts are fixed in the library."""
    send = HTTPAdapter.send

    def redirected(self, request, **options):
        parts = urlsplit(request.url)
        request.url = listener.url(f"/{parts.hostname}{parts.path}")
        return send(self, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", redirected)
    return listener


def test_a_room_reads_number_subject_organisation_what_happened_and_where(desk, listener):
    make_robot(listener)
    ticket = make_ticket(desk.customer, **URGENT)
    make_ticket(desk.customer)
    assert deliver() == 1
    assert bodies(listener) == [
        {
            "msgtype": "text",
            "text": {
                "content": f"[{ticket.number}] 月结报表看不到\n恒信集团 · 新的紧急工单\n"
                f"http://127.0.0.1:8000/tickets/{ticket.number}/"
            },
        }
    ]


def test_whoever_files_a_ticket_calls_nobody_in_the_room(desk, listener):
    make_robot(listener, "feishu")
    make_ticket(desk.customer, subject='<at user_id="all"></at> <!channel>\n[x]', **URGENT)
    deliver()
    [body] = bodies(listener)
    assert "<" not in body["content"]["text"]
    assert len(body["content"]["text"].splitlines()) == 3


@pytest.mark.parametrize("kind", FOR_SYSTEMS)
def test_every_event_has_words_in_the_language_of_the_desk(desk, listener, kind):
    make_robot(listener, only_urgent=False, events=["ticket_opened"])
    make_ticket(desk.customer)
    data = Delivery.objects.get(recipient=None).data
    due = {"metric": "first_response", "milestone": 100, "due_at": NOON.isoformat()}
    Delivery.objects.exclude(target=None).update(kind=kind, data={**data, **due})
    assert deliver() == 1
    assert texts(listener)[0].splitlines()[1].startswith("恒信集团 · ")


def test_who_was_given_it_is_named(desk, listener):
    make_robot(listener, events=["ticket_assigned"])
    act(make_ticket(desk.customer), "assign", desk.manager, assignee=desk.engineer)
    deliver()
    assert "周航" in texts(listener)[0]


def test_many_breaches_of_a_minute_are_one_message_that_fits(desk, listener):
    load_targets()
    make_robot(listener, events=["clock_breached"])
    for _number in range(20):
        make_ticket(desk.customer, subject="月" * 60, **URGENT)
    at = NOON + 2 * HOUR
    sweep(at=at)
    assert deliver(at) == 1
    make_ticket(desk.customer, **URGENT)
    sweep(at=at + timedelta(seconds=1))
    assert deliver(at + timedelta(seconds=1)) == 0
    assert deliver(at + GROUP_EVERY) == 1
    first, second = texts(listener)
    assert len(first.encode()) <= 2048
    shown = first.count("[LD-")
    assert f"{20 - shown}" in first.splitlines()[-2]
    assert second.count("[LD-") == 1
    assert set(Delivery.objects.exclude(target=None).values_list("state", flat=True)) == {"sent"}


def test_dingtalk_is_asked_with_a_signed_address(desk, listener):
    make_robot(listener, "dingtalk", secret="SEC1")
    make_ticket(desk.customer, **URGENT)
    deliver()
    asked = parse_qs(urlsplit(listener.requests[0].path).query)
    moment = str(int(NOON.timestamp() * 1000))
    sign = hmac.new(b"SEC1", f"{moment}\nSEC1".encode(), hashlib.sha256).digest()
    assert asked == {"key": ["1"], "timestamp": [moment], "sign": [base64.b64encode(sign).decode()]}


def test_feishu_is_asked_with_a_signed_body(desk, listener):
    make_robot(listener, "feishu", secret="SEC1")
    make_ticket(desk.customer, **URGENT)
    deliver()
    [body] = bodies(listener)
    moment = str(int(NOON.timestamp()))
    sign = hmac.new(f"{moment}\nSEC1".encode(), b"", hashlib.sha256).digest()
    assert (body["timestamp"], body["sign"]) == (moment, base64.b64encode(sign).decode())
    assert body["msg_type"] == "text"


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        ("wecom", answer({"errcode": 45009, "errmsg": "api freq out of limit"}), "rate limit 45009"),
        ("wecom", answer({"errcode": 93000, "errmsg": "invalid webhook url"}), "refused 93000"),
        ("dingtalk", answer({"errcode": 130101, "errmsg": "send too fast"}), "rate limit 130101"),
        ("dingtalk", answer({"errcode": 310000, "errmsg": "sign not match"}), "refused 310000"),
        ("feishu", answer({"code": 9499, "msg": "Bad Request", "data": {}}), "refused 9499"),
        ("feishu", answer({"code": 11232, "msg": "frequency limited"}), "rate limit 11232"),
        ("feishu", answer({"code": 99991400, "msg": "too many"}, 429), "rate limit 99991400"),
        ("wecom", (200, b"<html>"), "unreadable answer"),
        ("wecom", (200, b"[]"), "unreadable answer"),
        ("wecom", (500, b""), "HTTP 500"),
        ("wecom", (302, b"", ("Location", "/elsewhere")), "HTTP 302"),
        ("wecom", (429, b""), "rate limit 429"),
    ],
)
def test_an_error_is_no_success_though_it_comes_in_a_200_and_is_tried_again(desk, listener, kind, said, code):
    make_robot(listener, kind)
    listener.answers = [said, answer(WELL[kind])]
    make_ticket(desk.customer, **URGENT)
    assert deliver() == 0
    delivery = Delivery.objects.get(recipient=None)
    assert (delivery.state, delivery.last_error) == ("pending", code)
    assert delivery.next_attempt_at == NOON + timedelta(seconds=15)
    assert deliver(delivery.next_attempt_at) == 1
    assert list(Attempt.objects.order_by("pk").values_list("status", "code")) == [(said[0], code), (200, "")]


def test_after_a_rate_limit_nothing_else_is_said_to_that_robot_for_a_while(desk, listener):
    make_robot(listener)
    listener.answers = [answer({"errcode": 45009})]
    for _number in range(3):
        make_ticket(desk.customer, **URGENT)
    deliver()
    assert len(listener.requests) == 1
    listener.answers = [answer(WELL["wecom"])]
    assert deliver(NOON + HOUR) == 3


def test_a_robot_nobody_answers_for_is_tried_again(desk, listener):
    make_robot(listener, url=f"http://127.0.0.1:{free_port()}/")
    make_ticket(desk.customer, **URGENT)
    deliver()
    assert Delivery.objects.get(recipient=None).last_error == "ConnectionRefusedError"


@pytest.mark.parametrize(
    ("kind", "url", "well"), [("slack", SLACK, (200, b"ok")), ("teams", TEAMS, (202, b""))]
)
def test_slack_and_teams_hear_of_it_and_their_refusals_count(desk, detour, caplog, kind, url, well):
    make_robot(detour, kind, url=url)
    ticket = make_ticket(desk.customer, **URGENT)
    at = NOON
    for refusal in ((429, b"rate_limited"), (500, b""), (302, b"", ("Location", detour.url("/elsewhere")))):
        detour.answers = [refusal]
        assert deliver(at) == 0
        at = Delivery.objects.get(recipient=None).next_attempt_at
    detour.answers = [well]
    assert deliver(at) == 1
    assert [request.path.split("/")[1] for request in detour.requests] == [urlsplit(url).hostname] * 4
    said = json.dumps(json.loads(detour.requests[-1].body), ensure_ascii=False)
    assert ticket.number in said
    assert "新的紧急工单" in said
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in caplog.text
    assert "kasdFG" not in caplog.text


def test_a_card_in_teams_has_a_link_and_shows_marks_as_they_were_typed(desk, detour):
    make_robot(detour, "teams", url=TEAMS)
    detour.answers = [(202, b"")]
    ticket = make_ticket(desk.customer, subject="*[月结](http://elsewhere.example)", **URGENT)
    deliver()
    [attachment] = bodies(detour)[0]["attachments"]
    lines = attachment["content"]["body"][0]["text"].split("\n\n")
    page = f"http://127.0.0.1:8000/tickets/{ticket.number}/"
    assert lines[0] == rf"\[{ticket.number}\] \*\[月结\]\(http://elsewhere.example\)"
    assert lines[2] == f"[{page}]({page})"


def test_slack_answering_200_with_another_word_than_ok_has_refused(desk, detour):
    make_robot(detour, "slack", url=SLACK)
    make_ticket(desk.customer, **URGENT)
    detour.answers = [(200, b"invalid_token")]
    deliver()
    assert Delivery.objects.get(recipient=None).last_error == "not taken"
