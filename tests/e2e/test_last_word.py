"""The customer follows each stage and has the last word: on the ticket's page, and in the questionnaire."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import act, card, cell, file, key, open_board, say, status, without_reload
from tests.e2e.mails import links_in
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e
# Nobody is asked twice in 30 days whether they recommend us: each test has a customer of its own.
NEWCOMER = """
from accounts.models import Organisation
from tests.factories import make_user
own = Organisation.objects.get(code="hengxin")
result = make_user({email!r}, password=None, name="林岚", organisation=own).email
"""
ANSWERS = """
SELECT a.solved, a.satisfaction, a.recommend, a.comment FROM surveys_answer a
JOIN surveys_invitation i ON i.id = a.invitation_id JOIN tickets_resolution r ON r.id = i.resolution_id
WHERE r.ticket_id = %s
"""


def newcomer(stack: Stack, email: str) -> str:
    assert stack.people
    return str(stack.python(NEWCOMER.format(email=email)))


def resolved(stack: Stack, customer: str) -> str:
    number = file(stack, customer)
    act(stack, number, "engineer", "take")
    say(stack, number, "engineer", "取数公式已改回，请看")
    act(stack, number, "engineer", "resolve", resolution="取数公式已改回")
    return number


def questionnaire(stack: Stack, number: str, customer: str) -> list[str]:
    """The links of the questionnaire's letter, once it has come."""
    letter = stack.mails.wait(
        lambda mail: (
            mail["To"] == customer and number in str(mail["Subject"]) and "/s/" in "".join(links_in(mail))
        ),
        timeout=60,
    )
    return [link for link in links_in(letter) if "/s/" in link]


def choose(page: Page, question: str, answer: str) -> None:
    page.locator(f"label:has(input[name={question}][value='{answer}'])").click()


def test_the_portal_shows_each_stage_and_takes_no_and_yes(stack: Stack, browser: Windows) -> None:
    customer = newcomer(stack, "stages@test.example")
    number = file(stack, customer)
    portal = browser.open(customer)
    with portal.expect_response(re.compile("part=live")):
        portal.goto("/portal/")
    own = portal.locator(f"#ticket-{key(number)}")
    stage = own.locator(".steps [aria-current=step]")
    expect(stage).to_contain_text("已提交")
    with without_reload(portal):
        act(stack, number, "engineer", "assign", assignee="engineer")
        expect(stage).to_contain_text("已受理")
        act(stack, number, "engineer", "start")
        expect(stage).to_contain_text("处理中")
        act(stack, number, "engineer", "wait_customer")
        expect(stage).to_contain_text("等您补充")
        say(stack, number, customer, "补充：只有本月有问题")
        expect(stage).to_contain_text("处理中")
        act(stack, number, "engineer", "resolve", resolution="取数公式已改回")
        expect(stage).to_contain_text("等您确认")
    portal.locator(f"#reject-{key(number)}").click()
    portal.locator("main textarea").fill("第 7 行还是 0")
    portal.locator("main .btn--primary").click()
    expect(portal.locator("#progress [aria-current=step]")).to_contain_text("处理中")
    assert status(stack, number) == "in_progress"
    bell = browser.open(stack.people["engineer"])
    bell.goto("/notifications/")
    expect(bell.locator(".notice", has_text=number).first).to_contain_text("第 7 行还是 0")
    portal.goto("/portal/")
    act(stack, number, "engineer", "resolve", resolution="这次真的好了")
    portal.locator(f"#confirm-{key(number)}").click()
    expect(portal.locator(".steps .is-past")).to_have_count(5)
    assert status(stack, number) == "closed"


def test_the_questionnaire_needs_no_login_and_looking_at_it_records_nothing(
    stack: Stack, browser: Windows
) -> None:
    customer = newcomer(stack, "pleased@test.example")
    number = resolved(stack, customer)
    links = questionnaire(stack, number, customer)
    page = browser.open()
    for link in links:
        # As scanners of mail do.
        assert page.request.get(link).status == 200
    page.goto(next(link for link in links if link.endswith("solved=yes")))
    expect(page.locator("input[name=solved][value=yes]")).to_be_checked()
    assert stack.sql(ANSWERS, key(number)) == []
    choose(page, "satisfaction", "5")
    choose(page, "recommend", "9")
    page.locator("#comment").fill("很快")
    page.locator("main [type=submit]").click()
    expect(page.locator("h1")).to_contain_text("谢谢")
    assert stack.sql(ANSWERS, key(number)) == [("yes", 5, 9, "很快")]
    assert status(stack, number) == "resolved"
    # What was said can be said otherwise for a while.
    page.locator("main a", has_text="修改").click()
    choose(page, "satisfaction", "4")
    page.locator("main [type=submit]").click()
    expect(page.locator("h1")).to_contain_text("谢谢")
    assert stack.sql(ANSWERS, key(number)) == [("yes", 4, 9, "很快")]


def test_a_no_in_the_questionnaire_puts_the_ticket_back_on_the_board(stack: Stack, browser: Windows) -> None:
    customer = newcomer(stack, "unhappy@test.example")
    number = resolved(stack, customer)
    board = open_board(browser.open(stack.people["engineer"]))
    expect(cell(board, "resolved").locator(card(board, number))).to_be_visible()
    links = questionnaire(stack, number, customer)
    page = browser.open()
    page.goto(next(link for link in links if link.endswith("solved=no")))
    page.locator("#comment").fill("第 7 行又变回 0 了")
    assert status(stack, number) == "resolved"
    with without_reload(board):
        page.locator("main [type=submit]").click()
        expect(page.locator("main")).to_contain_text("重新")
        expect(cell(board, "in_progress").locator(card(board, number))).to_be_visible()
        expect(board.locator(".toast", has_text=number)).to_contain_text("第 7 行又变回 0 了")
    assert status(stack, number) == "in_progress"
