"""Questionnaires over REST."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from surveys.models import Answer, Invitation
from surveys.services.sending import send_due
from surveys.tokens import token_for
from tests.factories import NOON, act, make_ticket
from tickets.models import Ticket

JSON = {"content_type": "application/json"}
HOUR = timedelta(hours=1)


@pytest.fixture
def link(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    send_due(at=NOON + HOUR)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        yield f"/api/v1/surveys/{token_for(Invitation.objects.get().pk)}"


def test_looking_needs_no_sign_in_and_records_nothing(client, link):
    answer = client.get(link)
    assert answer.status_code == 200
    assert answer.json() == {
        "ticket": Ticket.objects.get().number,
        "subject": "月结报表看不到",
        "open": True,
        "asks_recommendation": True,
        "expires_at": "2026-03-18T05:00:00Z",
        "answer": None,
    }
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Answer.objects.exists()


def test_an_answer_is_stored_and_may_be_changed(guarded, link):
    said = {"solved": "partly", "satisfaction": 4, "recommend": 9, "comment": "快一点"}
    stored = guarded.post(link, said, **JSON)
    assert (stored.status_code, stored.json()["answer"]) == (
        201,
        {**said, "answered_at": "2026-03-04T06:00:00Z", "changed_at": None},
    )
    changed = guarded.post(link, {"solved": "yes"}, **JSON)
    assert changed.status_code == 200
    assert changed.json()["answer"]["changed_at"] == "2026-03-04T06:00:00Z"
    assert Answer.objects.get().solved == "yes"


def test_no_reopens(client, link):
    client.post(link, {"solved": "no", "comment": "还是空白"}, **JSON)
    assert Ticket.objects.get().status == "in_progress"


def test_a_signed_in_browser_needs_no_csrf_token_here(guarded, link, desk):
    guarded.force_login(desk.customer)
    assert guarded.post(link, {"solved": "yes"}, **JSON).status_code == 201


def test_a_retry_is_given_the_first_answer(client, link):
    sent = [client.post(link, {"solved": "yes"}, headers={"Idempotency-Key": "a"}, **JSON) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert Answer.objects.get().changed_at is None


def test_what_cannot_be_taken_is_said_in_the_recipients_language(client, link):
    said = {"solved": "maybe", "satisfaction": 6, "recommend": -1, "comment": "x" * 4001}
    assert client.post(link, said, **JSON).headers["Content-Language"] == "zh-hans"
    User.objects.filter(email="customer@test.example").update(language="en")
    answer = client.post(link, said, **JSON)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, set(said))
    assert answer.headers["Content-Language"] == "en"
    assert answer.json()["fields"]["solved"] == ["Choose one of: yes, partly, no."]
    assert not Answer.objects.exists()


def test_past_its_time_it_is_closed(client, link):
    with time_machine.travel(NOON + timedelta(days=15), tick=False):
        assert client.get(link).json()["open"] is False
        answer = client.post(link, {"solved": "yes"}, **JSON)
    assert (answer.status_code, answer.json()["error"]) == (409, "survey_closed")


@pytest.mark.parametrize("token", ["1", "1.x", "x.y", "1.2.3", "٣.x", "-1.x"])
def test_a_made_up_token_is_not_found(client, desk, token):
    for answer in (client.get(f"/api/v1/surveys/{token}"), client.post(f"/api/v1/surveys/{token}", **JSON)):
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
