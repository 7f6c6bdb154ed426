"""The desk's whole work by programs alone."""

from datetime import timedelta

import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from sla.base import load_targets
from surveys.models import Invitation
from surveys.services.sending import send_due
from surveys.tokens import token_for
from tests.api.test_tickets import DRAFT
from tests.factories import NOON, PASSWORD

JSON = {"content_type": "application/json"}
MINUTE = timedelta(minutes=1)


def signed_in(user) -> Client:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    said = {"email": user.email, "password": PASSWORD}
    token = Client().post("/api/v1/auth/token", said, **JSON).json()["token"]
    return Client(headers={"Authorization": f"Token {token}"})


def test_a_ticket_is_filed_taken_answered_resolved_confirmed_and_judged(desk):
    load_targets()
    with time_machine.travel(NOON, tick=False) as clock:
        customer, engineer, manager = map(signed_in, (desk.customer, desk.engineer, desk.manager))
        number = customer.post("/api/v1/tickets", DRAFT, **JSON).json()["number"]
        url = f"/api/v1/tickets/{number}"

        new = engineer.get("/api/v1/board").json()["columns"][0]
        assert [card["number"] for card in new["cards"]] == [number]

        def step(program, action, **more):
            version = program.get(url).json()["version"]
            said = {"action": action, "version": version, **more}
            answer = program.post(f"{url}/transitions", said, **JSON)
            assert answer.status_code == 200, answer.text
            return answer.json()

        assert step(engineer, "take")["assignee"]["id"] == desk.engineer.pk
        clock.move_to(NOON + 20 * MINUTE)
        assert engineer.post(f"{url}/replies", {"body": "请重新生成底稿"}, **JSON).status_code == 201
        assert engineer.post(f"{url}/replies", {"body": "缓存", "public": False}, **JSON).status_code == 201
        seen = customer.get(url).json()
        assert seen["first_responded_at"] == "2026-03-04T04:20:00Z"
        assert [c["state"] for c in seen["clocks"]] == ["stopped", "running"]

        resolved = step(engineer, "resolve", resolution="重新生成底稿后恢复")
        assert resolved["status"] == "resolved"
        rejected = step(customer, "reject", reason="还有一张是空白")
        assert (rejected["status"], rejected["resolved_at"]) == ("in_progress", None)
        assert [(c["metric"], c["cycle"]) for c in rejected["clocks"]] == [
            ("first_response", 1), ("next_response", 1), ("resolution", 1), ("resolution", 2),
        ]  # fmt: skip
        step(engineer, "resolve", resolution="两张都重新生成")
        closed = step(customer, "confirm")
        assert (closed["status"], closed["actions"]) == ("closed", [])

        clock.move_to(NOON + timedelta(hours=3))
        assert send_due(at=NOON + timedelta(hours=3)) == 1
        token = token_for(Invitation.objects.get(state="sent").pk)
        said = {"solved": "yes", "satisfaction": 5, "recommend": 10}
        assert Client().post(f"/api/v1/surveys/{token}", said, **JSON).status_code == 201

        events = [row["event"] for row in customer.get(f"{url}/history").json()["results"]]
        assert events[0] == "opened"
        assert {"take", "replied", "resolve", "reject", "confirm"} <= set(events)
        figures = manager.get("/api/v1/figures", {"from": "2026-03-04", "to": "2026-03-05"}).json()
        assert figures["nps"]["promoters"] == 1
        assert figures["sla"]["first_response"]["urgent"]["met"] == 1
