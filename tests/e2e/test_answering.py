"""An engineer takes a ticket from the board, answers, notes and resolves it, while its customer looks on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import (
    URGENT,
    act,
    card,
    cell,
    drop,
    file,
    key,
    messages,
    open_board,
    open_ticket,
    pick_up,
    refused,
    say,
    status,
    without_reload,
)
from tests.e2e.mails import text_of
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e
ANSWER, NOTE, RESOLUTION = (
    "已经重启合并任务，请再试",
    "第三次了，怀疑锁表",
    "取数公式已改回，合并任务重跑通过",
)
CLOCK = (
    "SELECT state, stopped_at IS NOT NULL FROM sla_clock WHERE ticket_id = %s AND metric = 'first_response'"
)


def write(page: Page, text: str, *, note: bool = False) -> None:
    page.locator(f"label:has(input[value={'internal' if note else 'public'}])").click()
    page.locator("#reply-body").fill(text)
    page.locator(".compose__send .btn--primary").click()
    expect(page.locator("#reply-body")).to_have_value("")


def test_from_the_board_to_the_answer_to_the_resolution(stack: Stack, browser: Windows) -> None:
    number = file(stack, impact=URGENT)
    own = open_ticket(browser.open(stack.people["customer"]), number)
    board = open_board(browser.open(stack.people["engineer"]))
    desk = browser.open(stack.people["engineer"])
    desk.goto("/board/")
    card(desk, number).locator(".card__subject a").click()
    with without_reload(own, board):
        desk.locator("#do-take").click()
        expect(cell(board, "in_progress").locator(card(board, number))).to_be_visible()
        expect(own.locator("#facts")).to_contain_text("周航")
        expect(card(board, number).locator(".clock__on")).to_contain_text("首响")
        write(desk, ANSWER)
        expect(desk.locator("#stream .msg--us .stamp")).to_be_visible()
        expect(desk.locator("#side .tclock--met")).to_contain_text("首次响应")
        assert stack.sql(CLOCK, key(number)) == [("stopped", True)]
        # What counts from here on is the resolution.
        expect(card(board, number).locator(".clock__on")).not_to_contain_text("首响")
        expect(own.locator("#stream .msg--them")).to_contain_text(ANSWER)
        write(desk, NOTE, note=True)
        expect(desk.locator("#stream .msg--note")).to_contain_text(NOTE)
        pick_up(board, number)
        drop(board, "resolved")
        board.locator("#sheet textarea").fill(RESOLUTION)
        board.locator("#sheet [type=submit]").click()
        expect(cell(board, "resolved").locator(card(board, number))).to_be_visible()
        expect(own.locator("#progress .done-box")).to_contain_text(RESOLUTION)
        expect(own.locator("#stream .msg")).to_have_count(1)
        # Nothing lies over a page to say what it shows.
        expect(own.locator(".toast")).to_have_count(0)
    assert status(stack, number) == "resolved"
    assert messages(stack, number) == [ANSWER, NOTE]
    refused(browser, 422)


def test_a_note_reaches_its_customer_nowhere(stack: Stack, browser: Windows) -> None:
    number = file(stack)
    act(stack, number, "engineer", "take")
    own = open_ticket(browser.open(stack.people["customer"]), number)
    say(stack, number, "engineer", NOTE, public=False)
    # What is written after it arrives after it, by the stream and by mail.
    say(stack, number, "engineer", ANSWER)
    expect(own.locator("#stream")).to_contain_text(ANSWER)
    stack.mails.wait(lambda mail: number in str(mail["Subject"]) and ANSWER in text_of(mail))
    asked = own.request
    seen = [asked.get(f"/tickets/{number}/{page}").text() for page in ("", "history/", "?part=live")]
    seen += [asked.get(f"/portal/?q={NOTE[-4:]}").text(), asked.get("/notifications/").text()]
    seen += [asked.get(f"/api/v1/tickets/{number}{page}").text() for page in ("", "/history")]
    seen += [text_of(mail) for mail in stack.mails.to(stack.people["customer"])]
    assert [text for text in seen if NOTE in text] == []
    assert ANSWER in seen[0]
    expect(own.locator("body")).not_to_contain_text(re.compile("内部|" + NOTE))
