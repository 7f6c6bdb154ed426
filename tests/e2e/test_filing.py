"""A customer signs in and files; an engineer's board, open elsewhere, shows it. Or an article ends the filing."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import card, key, open_board, without_reload
from tests.e2e.stack import Stack
from tests.factories import PASSWORD

pytestmark = pytest.mark.e2e
TRIAL_BALANCE = {
    "name": "科目余额表.csv",
    "mimeType": "text/csv",
    "buffer": "科目,借,贷\n1002,5,5\n".encode(),
}
ARTICLE = """
from knowledgebase.content import StepText
from tests.factories import make_article

make_article("blank-print")
steps = (StepText("Compare the paper", "Open the print settings.", "Both are of one size."),)
make_article("blank-print", "The print comes out blank", language="en", symptom="A blank sheet.", steps=steps)
"""
IN_ENGLISH = """
from accounts.models import Organisation
from tests.factories import make_user
own = Organisation.objects.get(code="hengxin")
result = make_user("emma@test.example", language="en", name="Emma", organisation=own).email
"""
# Somebody whose address was seen to: nobody else gets in.
VOUCH = """
from accounts.models import User
from accounts.services.people import vouch_for_address
vouch_for_address(user=User.objects.get(email="{email}"))
"""
DUE = "SELECT due_at FROM sla_clock WHERE ticket_id = %s AND metric = 'first_response'"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def sign_in(stack: Stack, page: Page, email: str) -> None:
    stack.python(VOUCH.format(email=email))
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()


def choose(page: Page, question: str, answer: str) -> None:
    page.locator(f"label:has(input[name={question}][value={answer}])").click()


def number_of(page: Page) -> str:
    page.wait_for_url(re.compile(r"/tickets/LD-\d+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def describe(page: Page, subject: str, description: str) -> None:
    if page.locator(".pcard").count():
        # Offered are the products they filed about before.
        choose(page, "product", "other")
    page.locator("#other_product").select_option("yonyou-nc-cloud")
    choose(page, "module", "reports")
    page.locator("#subject").fill(subject)
    page.locator("#description").fill(description)


def test_a_filed_ticket_carries_its_tier_and_promise_and_is_on_the_board_at_once(
    stack: Stack, browser: Windows
) -> None:
    board = open_board(browser.open(stack.people["engineer"]))
    page = browser.open()
    page.goto("/tickets/new/")
    sign_in(stack, page, stack.people["customer"])
    expect(page).to_have_url(re.compile("/tickets/new/$"))
    describe(page, "合并底稿打不开", "打开**合并底稿**就报错：\n\n1. 点“合并”\n2. 报 `ORA-00060`")
    page.locator("#files input[type=file]").set_input_files([TRIAL_BALANCE])
    expect(page.locator(".thumb input[name=attachments]")).to_have_count(1)
    expect(page.locator("#verdict .tier--general")).to_be_visible()
    choose(page, "production_down", "full")
    choose(page, "deadline", "month_end")
    verdict = page.locator("#verdict")
    expect(verdict.locator(".tier--urgent")).to_be_visible()
    expect(verdict.locator(".verdict__why")).to_contain_text("月结卡住了")
    promised = verdict.locator(".verdict__t b").inner_text()
    with without_reload(board):
        page.locator("[data-send]").click()
        number = number_of(page)
        new = card(board, number)
        expect(new.locator(".tier--urgent")).to_be_visible()
        left = new.locator("time[data-due]")
        expect(left).to_have_text(re.compile(r"^59:\d\d$"))
        expect(left).not_to_have_text(left.inner_text())
    # What was promised before sending is what was promised; the minute may have turned between the two.
    [(due,)] = stack.sql(DUE, key(number))
    moments = [f"{at.astimezone(SHANGHAI):%H:%M}" for at in (due, due - timedelta(minutes=1))]
    assert promised[-5:] in moments
    expect(page.locator("#progress .promise time")).to_have_text(re.compile(f"{moments[0]}$"))
    expect(page.locator("#toasts")).to_contain_text(number)
    expect(page.locator("#facts .because")).to_contain_text("月结卡住了")
    expect(page.locator("#description .prose strong")).to_have_text("合并底稿")
    expect(page.locator("#description .prose li")).to_have_count(2)
    board.goto(f"/tickets/{number}/")
    attached = board.locator("#description .files a")
    expect(attached).to_contain_text("科目余额表.csv")
    link = str(attached.get_attribute("href"))
    assert board.request.get(link).body() == TRIAL_BALANCE["buffer"]
    assert browser.open(stack.people["stranger"]).request.get(link).status == 404


def test_an_article_found_while_typing_ends_the_filing(stack: Stack, browser: Windows) -> None:
    stack.python(ARTICLE)
    filed = stack.sql("SELECT count(*) FROM tickets_ticket")
    page = browser.open(stack.people["customer"])
    page.goto("/tickets/new/")
    page.locator("#subject").press_sequentially("打印空白")
    tip = page.locator("#suggestions .tip")
    expect(tip).to_contain_text("打印出来是空白")
    expect(tip).to_contain_text("核对纸张")
    tip.get_by_role("button", name="解决了").click()
    page.wait_for_url("**/portal/")
    expect(page.locator("#toasts")).to_contain_text("解决了就好")
    assert stack.sql("SELECT query FROM knowledgebase_selfservice") == [("打印空白",)]
    assert stack.sql("SELECT count(*) FROM tickets_ticket") == filed
    page.goto("/tickets/new/")
    expect(page.locator("#subject")).to_have_value("")


def test_in_english_on_a_phone_in_the_dark(stack: Stack, browser: Windows) -> None:
    emma = stack.python(IN_ENGLISH)
    stack.python(ARTICLE)
    page = browser.open(language="en", width=390, dark=True)
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(stack, page, emma)
    page.wait_for_url("**/portal/")
    page.get_by_role("link", name="File a ticket").first.click()
    describe(page, "The print comes out blank", "Since this morning, **all** vouchers.")
    expect(page.locator("#suggestions .tip")).to_contain_text("The print comes out blank")
    choose(page, "production_down", "partial")
    expect(page.locator("#verdict")).to_contain_text("Part of the business has stopped")
    # What was typed is there again, with what follows from it.
    page.reload()
    expect(page.locator("#suggestions .tip")).to_contain_text("The print comes out blank")
    expect(page.locator("#verdict")).to_contain_text("Part of the business has stopped")
    expect(page.locator("#verdict")).to_contain_text("You hear from us by")
    fits_and_is_english(page)
    page.locator("[data-send]").click()
    number = number_of(page)
    expect(page.locator("#progress")).to_contain_text("We answer you by")
    expect(page.locator("#facts")).to_contain_text("General")
    expect(page.locator("#toasts")).to_contain_text(f"{number} is filed")
    fits_and_is_english(page)
    ink = page.evaluate("getComputedStyle(document.body).color")
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.body).color") != ink


def fits_and_is_english(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("html").get_attribute("lang") == "en"
    assert re.findall(r"[\u4e00-\u9fff]+", page.locator("body").inner_text()) == []
