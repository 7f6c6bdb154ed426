"""Two people at one card, and a desk whose Valkey is gone for a while."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import (
    act,
    card,
    cell,
    drop,
    file,
    open_board,
    open_ticket,
    pick_up,
    refused,
    say,
    status,
    without_reload,
)
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e


@pytest.fixture
def no_valkey(stack: Stack) -> Iterator[None]:
    """Valkey is back when the test is over, whatever became of it."""
    yield
    stack.start_valkey()


def test_who_drops_a_card_second_is_told_and_sees_where_it_is(stack: Stack, browser: Windows) -> None:
    number = file(stack)
    act(stack, number, "engineer", "take")
    slow = open_board(browser.open(stack.people["engineer"]))
    fast = open_board(browser.open(stack.people["manager"]))
    pick_up(slow, number)
    pick_up(fast, number)
    drop(fast, "waiting_vendor")
    expect(cell(fast, "waiting_vendor").locator(card(fast, number))).to_be_visible()
    # In the hand that holds it the card stays until it is let go.
    drop(slow, "waiting_customer")
    expect(slow.locator(".toast")).to_contain_text("别人")
    expect(cell(slow, "waiting_vendor").locator(card(slow, number))).to_be_visible()
    expect(cell(slow, "waiting_customer").locator(card(slow, number))).to_have_count(0)
    assert status(stack, number) == "waiting_vendor"
    refused(browser, 409)


@pytest.mark.usefixtures("no_valkey")
def test_pages_catch_up_with_what_happened_while_valkey_was_gone(stack: Stack, browser: Windows) -> None:
    number = file(stack, subject="凭证打印空白")
    board = open_board(browser.open(stack.people["engineer"]))
    own = open_ticket(browser.open(stack.people["customer"]), number)
    with without_reload(board, own):
        stack.stop_valkey()
        act(stack, number, "engineer", "take")
        say(stack, number, "engineer", "没有广播也要看到")
        expect(cell(board, "new").locator(card(board, number))).to_be_visible()
        expect(own.locator("#stream")).not_to_contain_text("没有广播也要看到")
        stack.start_valkey()
        expect(cell(board, "in_progress").locator(card(board, number))).to_be_visible()
        expect(own.locator("#stream")).to_contain_text("没有广播也要看到")
        expect(own.locator("#facts")).to_contain_text("周航")
    # And the mail that nobody could be nudged about is found.
    stack.mails.wait(
        lambda mail: number in str(mail["Subject"]) and "回复" in str(mail["Subject"]), timeout=60
    )
