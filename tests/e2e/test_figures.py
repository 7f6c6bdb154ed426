"""The managers' page moves with what happens at the desk, and says what the API says."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import file
from tests.e2e.stack import Stack
from tests.factories import PASSWORD

pytestmark = pytest.mark.e2e
# A team of its own: no other test's tickets are among its figures. What was resolved nine days ago has had its
# week in which a first contact may still prove too little.
TEAM = """
from accounts.models import Role, Team, User
from accounts.services.people import vouch_for_address
from catalog.models import Module
from tests.factories import join, make_user

team, _made = Team.objects.get_or_create(code="counted", defaults={{"name_zh": "计量组", "name_en": "Counted"}})
Module.objects.get_or_create(code="counted", defaults={{"name_zh": "计量", "name_en": "Counted", "team": team}})
join(make_user("counted@test.example", Role.ENGINEER, password=None, name="计量员"), "counted")
manager = User.objects.get(email={manager!r})
join(manager, "counted", leads=True)
vouch_for_address(user=manager)
"""
LOOP = """
from datetime import timedelta
from accounts.models import User
from common import clock
from surveys.models import Invitation
from surveys.services.answering import Said, answer
from surveys.services.sending import send_due
from tests.factories import act, make_ticket, make_user
from tickets.services.replying import reply

engineer = User.objects.get(email="counted@test.example")
customer = make_user("counts@test.example", password=None, name="计数客户")
at = clock.now() - timedelta(days=9)
ticket = make_ticket(customer, at=at, module="counted", subject="算进数字的工单")
act(ticket, "take", engineer, at + timedelta(minutes=5))
reply(ticket_id=ticket.pk, author=engineer, body="取数公式已改回", at=at + timedelta(minutes=30))
act(ticket, "resolve", engineer, at + timedelta(hours=2), resolution="取数公式已改回")
send_due(at=at + timedelta(hours=4))
invitation = Invitation.objects.get(resolution__ticket=ticket)
said = Said(solved="yes", satisfaction=5, recommend=9, comment="很快")
answer(invitation_id=invitation.pk, said=said, at=at + timedelta(hours=5))
result = ticket.number
"""
PERIOD = "period=last-30-days&team=counted"


def from_api(stack: Stack, page: Page) -> dict[str, Any]:
    asked = page.request
    who = {"email": stack.people["manager"], "password": PASSWORD}
    token = asked.post("/api/v1/auth/token", data=who).json()["token"]
    return dict(asked.get(f"/api/v1/figures?{PERIOD}", headers={"Authorization": f"Token {token}"}).json())


def figure(page: Page, code: str) -> Any:
    return page.locator(".fig", has=page.locator(f'h2 a[href*="/figures/{code}/"]'))


def test_what_happens_moves_the_figures_and_each_leads_to_its_tickets(stack: Stack, browser: Windows) -> None:
    stack.python(TEAM.format(manager=stack.people["manager"]))
    page = browser.open(stack.people["manager"])
    page.goto(f"/figures/?{PERIOD}")
    for code in ("fcr", "nps", "csat", "first-response"):
        expect(figure(page, code).locator(".fig__n")).to_have_text("–")
        expect(figure(page, code)).to_contain_text("n = 0")
    before = from_api(stack, page)
    assert [before["fcr"]["value"], before["nps"]["value"], before["csat"]["value"]] == [None] * 3
    number = stack.python(LOOP)
    unanswered = file(stack, module="counted", subject="还没人答复", ago=25 * 3600)
    stack.until(lambda: from_api(stack, page)["sla"]["first_response"]["general"]["breached"], "the breach")
    after = from_api(stack, page)
    assert (after["opened"], after["resolved"], after["backlog"]) == (2, 1, 1)
    assert after["fcr"] == {"value": 1.0, "numerator": 1, "denominator": 1, "provisional": 0}
    assert (after["nps"]["value"], after["nps"]["promoters"], after["nps"]["n"]) == (100, 1, 1)
    assert (after["csat"]["value"], after["csat"]["n"]) == (1.0, 1)
    assert after["response_rate"] == {"value": 1.0, "answered": 1, "sent": 1}
    assert after["sla"]["first_response"]["general"] == {"value": 0.5, "met": 1, "breached": 1}
    assert after["first_response_time"] == {"median_seconds": 1800, "p90_seconds": 1800, "n": 1}
    assert after["resolution_time"]["median_seconds"] == 7200
    page.goto(f"/figures/?{PERIOD}")
    shown = {
        "fcr": "100.0",
        "csat": "100.0",
        "first-response": "50.0",
        "response-rate": "100.0",
        "nps": "+100",
    }
    for code, text in shown.items():
        expect(figure(page, code).locator(".fig__n")).to_contain_text(text)
    for code, text in {
        "first-response-time": "30",
        "resolution-time": "2",
        "backlog": "1",
        "opened": "2",
    }.items():
        expect(figure(page, code).locator(".fig__n")).to_contain_text(text)
    promise = figure(page, "first-response")
    expect(promise.locator(".fig__f")).to_contain_text(re.compile(r"1.*÷.*1.*\+.*1"))
    expect(promise).to_contain_text("n = 2")
    promise.locator(".fig__f a").last.click()
    page.wait_for_url("**/figures/first-response/tickets/**")
    expect(page.locator(".behind__list tbody tr")).to_have_count(1)
    page.locator(".behind__list a", has_text=unanswered).click()
    page.wait_for_url(f"**/tickets/{unanswered}/")
    page.go_back()
    page.locator(".bar a").first.click()
    figure(page, "fcr").locator("h2 a").click()
    expect(page.locator(".behind__list")).to_contain_text(number)


def test_the_charts_are_drawn_and_the_period_can_be_chosen(stack: Stack, browser: Windows) -> None:
    file(stack)
    page = browser.open(stack.people["manager"])
    page.goto("/figures/?period=this-week")
    expect(page.locator(".chart__draw").first.locator("svg, canvas")).to_be_visible()
    page.locator(".bar details.pop summary").click()
    page.locator(".pop__list a", has_text="30").click()
    page.wait_for_url("**/figures/?*period=last-30-days*")
    expect(page.locator("#definitions dt").first).to_be_visible()
