"""Lanes of people in a real browser: a card given away before somebody else's eyes, by mouse and by keyboard."""

import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import act, card, clear_board, file, open_board, pick_up, refused, status
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e
BY_PERSON = "?lanes=assignee"
# Seconds a change may take to another screen here; alone on a machine it is a third of one.
SOON = 5.0


@pytest.fixture(autouse=True)
def empty(stack: Stack) -> None:
    """What is on the board was put there by this test."""
    clear_board(stack)


def lane(board: Page, name: str) -> Locator:
    return board.locator(".lane").filter(has=board.locator(".lane__name", has_text=name))


def holder(stack: Stack, number: str) -> str | None:
    [(name,)] = stack.sql(
        "SELECT u.name FROM tickets_ticket t LEFT JOIN accounts_user u ON u.id = t.assignee_id WHERE t.id = %s",
        int(number.removeprefix("LD-")),
    )
    return name


def test_a_card_dragged_into_a_persons_lane_is_theirs_on_every_open_board_within_a_second(
    stack: Stack, browser: Windows
) -> None:
    number = file(stack)
    act(stack, number, "engineer", "take")
    mine = open_board(browser.open(stack.people["engineer"]), BY_PERSON)
    theirs = open_board(browser.open(stack.people["manager"]), BY_PERSON)
    expect(lane(theirs, "周航").locator(card(theirs, number))).to_be_visible()
    pick_up(mine, number)
    # Her lane is folded, for it is empty: its head takes the card.
    head = lane(mine, "王倩").locator(".lane__head").bounding_box()
    assert head is not None
    mine.mouse.move(head["x"] + 60, head["y"] + head["height"] / 2, steps=12)
    mine.mouse.up()
    began = time.monotonic()
    expect(lane(theirs, "王倩").locator(card(theirs, number))).to_be_visible()
    took = time.monotonic() - began
    print(f"the other board showed it after {took:.2f} s")
    assert took < SOON
    expect(lane(mine, "王倩").locator(card(mine, number))).to_be_visible()
    assert holder(stack, number) == "王倩"
    expect(lane(theirs, "王倩").locator(".lane__n")).to_have_text("1")


def test_the_keyboard_carries_a_card_into_another_lane_and_a_refusal_brings_it_back(
    stack: Stack, browser: Windows
) -> None:
    number = file(stack)
    act(stack, number, "engineer", "take")
    board = open_board(browser.open(stack.people["engineer"]), BY_PERSON)
    link = card(board, number).locator(".card__subject a")
    link.focus()
    board.keyboard.press("Space")
    board.keyboard.press("ArrowDown")
    expect(card(board, number).locator(".card__flag")).to_contain_text("王倩")
    board.keyboard.press("Enter")
    expect(board.locator("#say")).to_contain_text("现在")
    expect(lane(board, "王倩").locator(card(board, number))).to_be_visible()
    expect(link).to_be_focused()
    assert holder(stack, number) == "王倩"
    # To nobody it cannot go; the mouse may try.
    pick_up(board, number)
    head = lane(board, "未分派").locator(".lane__head").bounding_box()
    assert head is not None
    board.mouse.move(head["x"] + 60, head["y"] + head["height"] / 2, steps=12)
    board.mouse.up()
    expect(board.locator(".toast")).to_contain_text("总要有人负责")
    expect(lane(board, "王倩").locator(card(board, number))).to_be_visible()
    # Who had no lane here, for they work in no team of these, gets one when they hold something.
    act(stack, number, "admin", "assign", assignee="admin")
    expect(lane(board, "管理员").locator(card(board, number))).to_be_visible()
    refused(browser, 409)


def test_a_folded_lane_stays_folded_in_this_browser(stack: Stack, browser: Windows) -> None:
    number = file(stack)
    act(stack, number, "engineer", "take")
    board = open_board(browser.open(stack.people["engineer"]), BY_PERSON)
    lane(board, "周航").locator(".lane__in").click()
    expect(card(board, number)).to_be_hidden()
    board.reload()
    expect(lane(board, "周航").locator(".lane__in")).to_have_attribute("aria-expanded", "false")
    expect(card(board, number)).to_have_count(0)
    lane(board, "周航").locator(".lane__in").click()
    expect(card(board, number)).to_be_visible()


def test_a_finger_carries_a_card_to_the_tab_of_another_column(stack: Stack, browser: Windows) -> None:
    number = file(stack)
    act(stack, number, "engineer", "take")
    board = open_board(browser.open(stack.people["engineer"], width=390))
    held, tab = card(board, number), board.locator('.jump [data-status="waiting_customer"]')
    tab.scroll_into_view_if_needed()
    start, goal = held.bounding_box(), tab.bounding_box()
    assert start is not None
    assert goal is not None
    here, there = (start["x"] + 60, start["y"] + 30), (goal["x"] + 20, goal["y"] + 20)
    touch = board.context.new_cdp_session(board)
    for kind, points in (
        ("touchStart", [here]),
        *(
            ("touchMove", [tuple(a + (b - a) * n / 8 for a, b in zip(here, there, strict=True))])
            for n in range(1, 9)
        ),
        ("touchEnd", []),
    ):
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )
        # A card is picked up by a finger that rests on it; one that moves at once scrolls.
        board.wait_for_timeout(300 if kind == "touchStart" else 30)
    expect(board.locator('.jump [data-n="column-waiting_customer"]')).to_have_text("1")
    expect(held).to_be_hidden()
    assert status(stack, number) == "waiting_customer"
    # The tap after it is a tap.
    tab.tap()
    expect(held).to_be_visible()
