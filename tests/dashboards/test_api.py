"""GET /api/v1/figures."""

import pytest
import time_machine

from surveys.services.sending import send_due
from tests.dashboards.making import DAY, HOUR, reply_to, say, solved_at_once
from tests.factories import NOON, act, make_ticket

pytestmark = pytest.mark.django_db
URL = "/api/v1/figures"
MARCH = {"from": "2026-03-01", "to": "2026-04-01"}
NOTHING = {"met": 0, "breached": 0, "value": None}


@pytest.fixture(autouse=True)
def may():
    with time_machine.travel(NOON + 60 * DAY, tick=False):
        yield


def test_the_whole_answer(api, desk):
    say(solved_at_once(desk), recommend=9, satisfaction=4)
    solved_at_once(desk, filed=NOON - 3 * HOUR, category="how-to")
    send_due(at=NOON + HOUR)
    reply_to(make_ticket(desk.customer), desk.engineer, NOON + 2 * DAY)
    answer = api(desk.manager).get(URL, MARCH)
    assert answer.status_code == 200
    assert answer.json() == {
        "opened": 3,
        "resolved": 2,
        "backlog": 1,
        "fcr": {"value": 1.0, "numerator": 2, "denominator": 2, "provisional": 0},
        "nps": {"value": 100.0, "promoters": 1, "passives": 0, "detractors": 0, "n": 1},
        "csat": {"value": 1.0, "numerator": 1, "n": 1},
        "response_rate": {"value": 0.5, "answered": 1, "sent": 2},
        "sla": {
            "first_response": {
                "urgent": NOTHING,
                "general": {"met": 1, "breached": 1, "value": 0.5},
                "consultation": {"met": 1, "breached": 0, "value": 1.0},
            },
            "next_response": {"urgent": NOTHING, "general": NOTHING, "consultation": NOTHING},
            "resolution": {
                "urgent": NOTHING,
                "general": {"met": 1, "breached": 1, "value": 0.5},
                "consultation": {"met": 1, "breached": 0, "value": 1.0},
            },
        },
        "first_response_time": {"median_seconds": 10800.0, "p90_seconds": 140400.0, "n": 3},
        "resolution_time": {"median_seconds": 7200.0, "p90_seconds": 10080.0, "n": 2},
    }


def test_where_there_is_nothing_every_value_is_null(api, desk):
    found = api(desk.admin).get(URL, MARCH).json()
    assert {found[name]["value"] for name in ("fcr", "nps", "csat", "response_rate")} == {None}
    assert found["resolution_time"] == {"median_seconds": None, "p90_seconds": None, "n": 0}


def test_days_are_those_of_the_caller_unless_a_zone_is_given(api, desk):
    make_ticket(desk.customer, at=NOON.replace(hour=16))  # midnight in Shanghai
    day = {"from": "2026-03-04", "to": "2026-03-05"}
    assert api(desk.manager).get(URL, day).json()["opened"] == 0
    assert api(desk.manager).get(URL, {**day, "tz": "UTC"}).json()["opened"] == 1


def test_team_and_product_are_codes(api, desk):
    make_ticket(desk.customer)
    ask = api(desk.manager)
    assert ask.get(URL, {**MARCH, "team": "reports", "product": "yonyou-nc-cloud"}).json()["opened"] == 1
    assert ask.get(URL, {**MARCH, "team": "gl"}).json()["opened"] == 0


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"from": "2026-02-30", "to": "2026-03-05"}, "from"),
        ({"from": "2026-03-05", "to": "2026-03-05"}, "to"),
        ({**MARCH, "tz": "Mars/Olympus"}, "tz"),
        ({**MARCH, "team": "x"}, "team"),
        ({**MARCH, "product": "x"}, "product"),
    ],
)
def test_what_cannot_be_taken_is_a_422_by_field(api, desk, params, field):
    answer = api(desk.manager, **{"Accept-Language": "en"}).get(URL, params)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize("who", ["customer", "colleague", "engineer"])
def test_it_is_for_managers_and_administrators(api, desk, who):
    assert api(getattr(desk, who)).get(URL, MARCH).status_code == 403
    assert api(None).get(URL, MARCH).status_code == 401


def test_a_manager_reads_the_figures_of_teams_they_do_not_lead(api, desk):
    desk.manager.memberships.all().delete()
    act(make_ticket(desk.customer), "take", desk.engineer)
    assert api(desk.manager).get(URL, MARCH).json()["opened"] == 1
