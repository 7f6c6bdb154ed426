"""A day's work without a mouse, and the palette."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.doing import URGENT, file, messages, open_ticket, status

pytestmark = pytest.mark.e2e


@pytest.fixture
def words(stack) -> None:
    """The canned replies and terms every desk begins with."""
    stack.python(
        "from knowledgebase.terms import load_terms\nfrom tickets.base import load_replies\n"
        "load_terms()\nload_replies()"
    )


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def do(page: Page, words: str) -> None:
    """Ask the palette for what `words` name, and take the first."""
    press(page, "Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text(words)
    press(page, "Enter")


def test_taking_answering_waiting_and_resolving_need_no_mouse(stack, browser, words):
    ticket = file(stack, impact=URGENT, ago=3000)
    page = browser.open(stack.people["engineer"])
    page.goto("/board/")
    with page.expect_navigation(url=re.compile(ticket)), page.expect_response(re.compile("part=live")):
        press(page, "n")
    expect(page.locator("#toasts")).to_contain_text(ticket)
    assert status(stack, ticket) == "in_progress"

    press(page, "r")
    expect(page.locator("#reply-body")).to_be_focused()
    # Keys are letters while somebody types.
    page.keyboard.type("jkn?")
    press(page, "Control+j")
    expect(page.locator("#canned-list [aria-selected=true]")).to_contain_text("中断")
    press(page, "Enter")
    expect(page.locator("#reply-body")).to_have_value(re.compile(r"^jkn\?\n\n陈静，您好"))
    press(page, "Control+a")
    page.keyboard.type("是数据库死锁，已经放开")
    expect(page.locator("#jargon")).to_contain_text("数据库死锁")
    press(page, "Control+Enter")
    expect(page.locator("#reply-body")).to_have_value("")
    expect(page.locator("#stream")).to_contain_text("已经放开")
    assert messages(stack, ticket) == ["是数据库死锁，已经放开"]

    # Enter before the answer is there means the first of what will be found, not what stands in the list.
    press(page, "Control+k")
    expect(page.locator("#palette-list [role=option]")).not_to_have_count(0)
    page.keyboard.type("我的页面")
    with page.expect_navigation(url=re.compile("/me/")):
        press(page, "Enter")
    page.go_back()
    do(page, "等客户")
    expect(page.locator("#ticket-head")).to_contain_text("继续处理")
    assert status(stack, ticket) == "waiting_customer"
    do(page, "解决")
    expect(page.locator("#act textarea")).to_be_focused()
    page.keyboard.type("放开了锁，重新计算了底稿")
    press(page, "Control+Enter")
    expect(page.locator("#dialog")).to_be_hidden()
    assert status(stack, ticket) == "resolved"


def test_the_palette_finds_and_keys_walk_choose_and_can_be_switched_off(stack, browser, words):
    first, second = file(stack, subject="甲单打不开"), file(stack, subject="乙单打不开")
    page = browser.open(stack.people["engineer"])
    page.goto("/tickets/")
    press(page, "j", "j", "x")
    expect(page.locator(f'input[name=ticket][value^="{first}:"]')).to_be_checked()
    press(page, "k")
    expect(page.locator(".list__subject a", has_text="乙单打不开")).to_be_focused()
    press(page, "?")
    expect(page.locator("#keys-help")).to_contain_text("领取下一张工单")
    press(page, "Escape", "a")
    expect(page).to_have_url(re.compile(f"{second}/transitions/"))
    page.go_back()
    press(page, "g", "b")
    page.wait_for_url("**/board/")
    press(page, "j", "x")
    expect(page.locator("#board .card.is-picked")).to_have_count(1)
    # With a card in hand nothing else is done by the way.
    press(page, "n", "g", "t", "Escape")
    expect(page.locator("#board .card.is-picked")).to_have_count(0)
    assert {status(stack, first), status(stack, second)} == {"new"}
    do(page, "甲单打不开")
    page.wait_for_url(f"**/tickets/{first}/")

    page.goto("/me/")
    page.locator("#id_single_keys").press("Space")
    page.locator("#id_name").press("Enter")
    page.wait_for_load_state()
    open_ticket(page, first)
    press(page, "r", "?")
    expect(page.locator("#keys-help")).to_be_hidden()
    expect(page.locator("#reply-body")).not_to_be_focused()
    do(page, second)
    page.wait_for_url(f"**/tickets/{second}/")
