"""The engineers' board in a real browser, while others work on the same tickets."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.doing import act, card, cell, clear_board, drop, key, pick_up, refused, status

pytestmark = pytest.mark.e2e
FILED = """
from datetime import timedelta
from common import clock
from uuid import uuid4
from tests.factories import User, act, make_ticket, make_user
from tickets.triage import Impact

urgent = {{"impact": Impact(production_down="full")}} if {urgent} else {{}}
at = clock.now() - timedelta(seconds={age})
# Somebody new each time: one customer may not file that many in an hour.
customer = make_user(
    f"{{uuid4()}}@test.example",
    password=None,
    organisation=User.objects.get(email="{customer}").organisation,
)
ticket = make_ticket(customer, at=at, subject="{subject}", module="{module}", **urgent)
if {taken}:
    act(ticket, "take", User.objects.get(email="{engineer}"), clock.now())
result = ticket.pk
"""
MINUTE = 60


@pytest.fixture(autouse=True)
def empty(stack) -> None:
    """What is on the board was put there by this test."""
    clear_board(stack)


def filed(stack, subject="凭证断号", *, urgent=False, age=0.0, module="reports", taken=False) -> str:
    """The number of a new ticket."""
    values = {"subject": subject, "urgent": urgent, "age": age, "module": module, "taken": taken}
    return f"LD-{stack.python(FILED.format(**values, **stack.people))}"


def file_many(stack, number: int) -> None:
    """That many new tickets in one transaction, each of a customer of its own."""
    stack.python(
        "from uuid import uuid4\nfrom common import clock\nfrom django.db import transaction\n"
        "from tests.factories import make_ticket, make_user\n"
        "with transaction.atomic():\n"
        f"    for n in range({number}):\n"
        "        make_ticket(make_user(f'{uuid4()}@test.example', password=None), at=clock.now())\n"
    )


def opened(stack, browser, who="engineer", query="", **options) -> Page:
    window = browser.open(stack.people[who], **options)
    # Not before the stream runs: what happens from now on arrives by it.
    with window.expect_response(re.compile(r"/board/\?.*depth=")):
        window.goto(f"/board/{query}")
    return window


def count(page: Page, status: str) -> Locator:
    return page.locator(f'.colhead [data-n="column-{status}"]')


def is_in(page: Page, number: str, status: str) -> None:
    expect(cell(page, status).locator(f'.card[data-number="{number}"]')).to_be_visible()


def drag(page: Page, number: str, status: str) -> None:
    pick_up(page, number)
    drop(page, status)


def test_a_new_ticket_appears_by_itself_in_its_place_with_a_running_countdown(stack, browser):
    general = filed(stack)
    page = opened(stack, browser)
    urgent = filed(stack, "月结报表看不到", urgent=True)
    is_in(page, urgent, "new")
    expect(cell(page, "new").locator(".card").first).to_have_attribute("data-number", urgent)
    expect(count(page, "new")).to_have_text("2")
    expect(page.locator("#say")).to_contain_text(urgent)
    shown = card(page, urgent).locator("time").text_content()
    expect(card(page, urgent).locator("time")).not_to_have_text(shown)
    is_in(page, general, "new")


def test_a_dropped_card_moves_on_every_open_board(stack, browser):
    number = filed(stack, taken=True)
    mine, theirs = opened(stack, browser), opened(stack, browser, "manager")
    drag(mine, number, "waiting_customer")
    # Who moved it is shown for a moment only.
    expect(card(theirs, number)).to_contain_text("周航")
    is_in(theirs, number, "waiting_customer")
    is_in(mine, number, "waiting_customer")
    expect(count(theirs, "in_progress")).to_have_text("0")
    assert status(stack, number) == "waiting_customer"


def test_a_drop_that_is_not_allowed_says_why_and_springs_back(stack, browser):
    number = filed(stack, taken=True)
    page = opened(stack, browser)
    drag(page, number, "new")
    expect(page.locator(".toast")).to_contain_text("不能退回")
    is_in(page, number, "in_progress")
    assert status(stack, number) == "in_progress"
    refused(browser, 409)


def test_a_step_that_needs_words_asks_for_them_and_keeps_what_is_typed(stack, browser):
    number = filed(stack, taken=True)
    page = opened(stack, browser)
    drag(page, number, "resolved")
    page.locator("#sheet textarea").fill("重新执行合并任务")
    # Meanwhile somebody else moves it: the words stay, the step can be repeated.
    act(stack, number, "manager", "wait_vendor")
    page.locator("#sheet [type=submit]").click()
    expect(page.locator("#sheet [role=alert]")).to_contain_text(number)
    expect(page.locator("#sheet textarea")).to_have_value("重新执行合并任务")
    page.locator("#sheet [type=submit]").click()
    is_in(page, number, "resolved")
    expect(page.locator("#sheet")).to_be_hidden()
    refused(browser, 422)
    refused(browser, 409)


def test_giving_up_puts_the_card_back(stack, browser):
    number = filed(stack)
    page = opened(stack, browser)
    drag(page, number, "assigned")
    expect(page.locator("#sheet select")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    is_in(page, number, "new")
    assert status(stack, number) == "new"
    refused(browser, 422)


def test_the_keyboard_picks_up_carries_puts_down_and_puts_back(stack, browser):
    number = filed(stack)
    page = opened(stack, browser)
    link = card(page, number).locator(".card__subject a")
    link.focus()
    page.keyboard.press("Space")
    expect(page.locator("#say")).to_contain_text("已拿起")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    is_in(page, number, "in_progress")
    page.keyboard.press("Escape")
    is_in(page, number, "new")
    expect(link).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("现在在")
    is_in(page, number, "in_progress")
    expect(link).to_be_focused()
    assert status(stack, number) == "in_progress"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(number))


def test_arrows_go_from_card_to_card_and_one_of_them_is_a_tab_stop(stack, browser):
    first, second = filed(stack, urgent=True), filed(stack)
    taken = filed(stack, taken=True)
    page = opened(stack, browser)
    card(page, first).locator(".card__subject a").focus()
    for arrow, number in (("ArrowDown", second), ("ArrowRight", taken), ("ArrowLeft", first)):
        page.keyboard.press(arrow)
        expect(card(page, number).locator(".card__subject a")).to_be_focused()
    expect(page.locator('.card__subject a[tabindex="0"]')).to_have_count(1)


def test_a_card_past_its_due_turns_red_by_itself_and_stands_on_top(stack, browser):
    later = filed(stack, urgent=True, age=30 * MINUTE)
    soon = filed(stack, urgent=True, age=60 * MINUTE - 9)
    page = opened(stack, browser)
    expect(cell(page, "new").locator(".card").first).to_have_attribute("data-number", soon)
    expect(card(page, soon).locator(".clock--warn")).to_be_visible()
    expect(card(page, soon).locator(".clock--breach")).to_contain_text("首响超时", timeout=20_000)
    # The number comes with the sweep's announcement.
    expect(page.locator('[data-n="overdue"]')).to_have_text("1", timeout=20_000)
    expect(card(page, later).locator(".clock--breach")).to_have_count(0)


def test_a_card_handed_to_another_team_leaves_the_board_of_the_old_one(stack, browser):
    number = filed(stack, taken=True)
    mine, platform = opened(stack, browser), opened(stack, browser, "engineer2")
    expect(card(platform, number)).to_have_count(0)
    stack.python(
        "from accounts.models import Team, User\nfrom common import clock\n"
        "from tickets.services.transition import Inputs, transition\n"
        f"transition(ticket_id={number[3:]}, action='hand_over', at=clock.now(),"
        f" actor=User.objects.get(email={stack.people['manager']!r}),"
        " inputs=Inputs(team=Team.objects.get(code='platform')))"
    )
    is_in(platform, number, "assigned")
    expect(card(mine, number)).to_have_count(0)
    expect(count(mine, "in_progress")).to_have_text("0")
    refused(browser, 404)


def test_a_page_that_was_away_catches_up_without_losing_the_focus(stack, browser):
    kept, moved = filed(stack, urgent=True), filed(stack)
    page = opened(stack, browser)
    card(page, kept).locator(".card__subject a").focus()
    # The change reaches the database past every announcement.
    stack.sql(
        "UPDATE tickets_ticket SET status = 'waiting_vendor', version = version + 1, updated_at = now() WHERE id = %s",
        key(moved),
    )
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:catch-up', { bubbles: true }))")
    is_in(page, moved, "waiting_vendor")
    expect(count(page, "waiting_vendor")).to_have_text("1")
    expect(card(page, kept).locator(".card__subject a")).to_be_focused()


def test_many_changes_at_once_are_fetched_once(stack, browser):
    page = opened(stack, browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/board/" in request.url else None)
    file_many(stack, 12)
    expect(count(page, "new")).to_have_text("12")
    expect(cell(page, "new").locator(".card")).to_have_count(12)
    assert len(asked) <= 3, asked


def test_a_long_column_goes_on_where_it_is_scrolled_to_its_end(stack, browser):
    file_many(stack, 24)
    page = opened(stack, browser)
    shown = cell(page, "new").locator(".card")
    expect(shown).to_have_count(20)
    page.locator("#board").evaluate("board => board.scrollTo(0, board.scrollHeight)")
    expect(shown).to_have_count(24)
    expect(page.locator(".cell__more")).to_have_count(0)
    numbers = shown.evaluate_all("cards => cards.map((card) => card.dataset.number)")
    assert numbers == sorted(set(numbers))


def test_what_a_column_brings_from_further_down_is_no_news(stack, browser):
    file_many(stack, 24)
    page = opened(stack, browser)
    urgent = filed(stack, urgent=True)
    is_in(page, urgent, "new")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:catch-up', { bubbles: true }))")
    expect(cell(page, "new").locator(".card")).to_have_count(25)
    expect(page.locator("#say")).to_contain_text(urgent)


def test_a_click_beside_a_form_that_holds_words_keeps_it(stack, browser):
    number = filed(stack, taken=True)
    page = opened(stack, browser)
    drag(page, number, "resolved")
    page.locator("#sheet textarea").fill("重新执行")
    page.mouse.click(5, 5)
    expect(page.locator("#sheet textarea")).to_have_value("重新执行")
    page.locator("#sheet textarea").fill("")
    page.mouse.click(5, 5)
    expect(page.locator("#sheet")).to_be_hidden()
    is_in(page, number, "in_progress")
    refused(browser, 422)


def test_on_a_phone_a_tab_shows_its_column_and_a_button_moves_a_card(stack, browser):
    number = filed(stack)
    page = opened(stack, browser, width=390)
    expect(card(page, number)).to_be_hidden()
    page.locator('.jump [data-status="new"]').tap()
    expect(card(page, number)).to_be_visible()
    expect(page).to_have_url(re.compile("column=new"))
    card(page, number).locator(".card__move").tap()
    page.locator(".sheet__list button", has_text="处理中").tap()
    expect(card(page, number)).to_be_hidden()
    page.locator('.jump [data-status="in_progress"]').tap()
    expect(card(page, number)).to_be_visible()


def test_the_slash_goes_to_the_search_and_escape_closes_a_menu(stack, browser):
    page = opened(stack, browser)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    menu = page.locator("details.menu").first
    menu.locator("summary").click()
    expect(menu.locator(".menu__list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator(".menu__list")).to_be_hidden()


def test_two_clicks_take_one_ticket(stack, browser):
    first, second = filed(stack, urgent=True), filed(stack)
    page = opened(stack, browser)
    page.locator(".bar__next button").dblclick()
    expect(page.locator(f'[data-ticket="{first}"]')).to_be_visible()
    assert [status(stack, first), status(stack, second)] == ["in_progress", "new"]
