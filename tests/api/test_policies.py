"""Policies over REST."""

import pytest
import time_machine

from sla.base import load_calendars
from sla.models import Clock, PolicyVersion
from sla.services.recalculating import work_off
from tests.factories import NOON, make_ticket

JSON = {"content_type": "application/json"}
URL = "/api/v1/policies"
GOLD = {
    "name_zh": "金牌客户",
    "name_en": "Gold",
    "position": 10,
    "contract_level": "gold",
    "calendar": "office",
    "vendor_pauses": True,
    "targets": [
        {"metric": "first_response", "tier": "general", "within": 7200},
        {"metric": "resolution", "tier": "general", "within": 14400, "calendar": "always"},
    ],
    "steps": [{"share": 60, "metric": "resolution", "tell_leads": True, "action": "raise_tier"}],
}


@pytest.fixture(autouse=True)
def noon(db):
    with time_machine.travel(NOON, tick=False):
        load_calendars(at=NOON)
        yield


def test_what_is_put_is_what_is_read_and_what_tickets_are_promised(desk, api):
    put = api(desk.manager).post(URL, {**GOLD, "code": "gold"}, **JSON)
    assert put.status_code == 201, put.text
    read = api(desk.admin).get(f"{URL}/gold").json()
    assert read == put.json()
    assert {name: read[name] for name in ("position", "contract_level", "calendar", "vendor_pauses", "grace")} == {
        "position": 10, "contract_level": "gold", "calendar": "office", "vendor_pauses": True, "grace": 900.0,
    }  # fmt: skip
    assert [each["code"] for each in api(desk.manager).get(URL).json()] == ["gold", "standard"]
    desk.customer.organisation.contract_level = "gold"
    desk.customer.organisation.save()
    make_ticket(desk.customer)
    assert [clock.within.total_seconds() for clock in Clock.objects.order_by("metric")] == [7200, 14400]


def test_a_preview_names_who_decides_and_when_it_would_be_due(desk, api):
    api(desk.manager).post(URL, {**GOLD, "code": "gold"}, **JSON)
    rows = api(desk.manager).get(f"{URL}/gold/preview").json()
    found = {(row["tier"], row["metric"]): (row["policy"], row["due_at"]) for row in rows}
    # NOON is 12:00 in Shanghai, in the middle of lunch.
    assert found["general", "first_response"] == ("gold", "2026-03-04T07:30:00Z")
    assert found["urgent", "first_response"] == ("standard", "2026-03-04T05:00:00Z")


def test_open_clocks_follow_and_it_can_be_watched(desk, api):
    ticket = make_ticket(desk.customer)
    body = api(desk.manager).get(f"{URL}/standard").json()
    for target in body["targets"]:
        target["within"] /= 2
    assert api(desk.manager).put(f"{URL}/standard", body, **JSON).status_code == 200
    work_off(at=NOON)
    assert ticket.clocks.get(metric="first_response").within.total_seconds() == 12 * 3600
    job, *_earlier = api(desk.manager).get("/api/v1/recalculations").json()
    assert (job["total"], job["done"], job["changed"], bool(job["finished_at"])) == (1, 1, 2, True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"targets": [{"metric": "resolution", "tier": "general", "within": 0}]}, "targets.0.within"),
        ({"targets": [{"metric": "resolution", "tier": "general", "within": "soon"}]}, "targets.0.within"),
        ({"targets": [{"metric": "resolution", "tier": "general", "within": 1e300}]}, "targets.0.within"),
        ({"targets": [{"metric": "joy", "tier": "general", "within": 60}]}, "targets.0.metric"),
        ({"targets": [GOLD["targets"][0], GOLD["targets"][0]]}, "targets"),
        ({"steps": [{"share": 0}]}, "steps.0.share"),
        ({"steps": [{"share": 50}, {"share": 50}]}, "steps"),
        ({"steps": [{"share": 50, "action": "dance"}]}, "steps.0.action"),
        ({"calendar": "nowhere"}, "calendar"),
        ({"organisation": "nobody\0"}, "organisation"),
        ({"grace": -1}, "grace"),
        ({"name_zh": ""}, "name_zh"),
        ({"code": "standard"}, "code"),
        ({"code": "not a code"}, "code"),
    ],
)
def test_what_cannot_be_promised_is_refused_with_the_reason(desk, api, change, field):
    answer = api(desk.manager).post(URL, {**GOLD, "code": "gold", **change}, **JSON)
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["fields"]) == [field]
    assert not PolicyVersion.objects.filter(policy__code="gold").exists()
