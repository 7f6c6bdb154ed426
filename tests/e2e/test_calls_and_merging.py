"""A call logged in the reply box, and a ticket merged from its page, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.e2e.doing import act, file, messages, open_ticket, refused, status

pytestmark = pytest.mark.e2e
WINDOW = """
from accounts.models import Organisation
from catalog.models import Module
from tickets.models import ClosingWindow
own = Organisation.objects.get(code="hengxin")
window = ClosingWindow.objects.create(
    organisation=own, name_zh="月末关账", name_en="Month-end close", rule="monthly", day_from=1, day_to=31
)
window.modules.set(Module.objects.filter(code="gl"))
"""


@pytest.fixture
def window(stack):
    """A closing window that is open on every day; gone afterwards, as the desk is everybody's."""
    assert stack.people
    stack.python(WINDOW)
    yield
    stack.python("from tickets.models import ClosingWindow\nClosingWindow.objects.all().delete()")


def test_a_call_is_logged_and_stands_on_the_customers_page_at_once(stack, browser):
    ticket = file(stack, ago=600)
    own = open_ticket(browser.open(stack.people["customer"]), ticket)
    page = open_ticket(browser.open(stack.people["engineer"]), ticket)
    expect(page.locator("#called-at")).to_be_hidden()
    page.locator(".compose__tabs label").filter(has_text="电话沟通").click()
    expect(page.locator("#called-at")).to_be_visible()
    expect(page.locator(".compose__send .if-can-wait")).to_be_hidden()
    page.locator("#called-at").fill("2020-01-01T09:00")
    page.locator("#reply-body").fill("电话里带您重新生成了底稿。")
    page.locator(".compose__send .btn--primary").click()
    expect(page.locator("#called-at-help .errors")).to_be_visible()
    expect(page.locator("#reply-body")).to_have_value("电话里带您重新生成了底稿。")
    refused(browser, 422)
    page.locator("#called-at").fill("")
    page.locator(".compose__send .btn--primary").click()
    expect(page.locator("#stream .msg--us .tag")).to_have_text("电话沟通")
    expect(page.locator("#stream .stamp")).to_be_visible()
    expect(own.locator("#stream .msg--them .tag")).to_have_text("电话沟通")
    assert messages(stack, ticket) == ["电话里带您重新生成了底稿。"]


def test_a_ticket_is_merged_and_its_customer_writes_where_it_goes_on(stack, browser):
    source, into = file(stack), file(stack)
    act(stack, source, "engineer", "take")
    own = open_ticket(browser.open(stack.people["customer"]), source)
    page = open_ticket(browser.open(stack.people["engineer"]), source)
    page.locator("#menu summary").click()
    page.locator("#do-merge").click()
    page.locator("#dialog input[name=into]").fill(source)
    page.locator("#dialog .btn--primary").click()
    expect(page.locator("#dialog .field .errors")).to_be_visible()
    refused(browser, 422)
    page.locator("#dialog input[name=into]").fill(into)
    page.locator("#dialog .btn--primary").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#ticket-head")).to_contain_text(into)
    assert status(stack, source) == "merged"
    expect(own.locator("#compose-note")).to_contain_text("另一张工单")
    own.locator("#reply-body").fill("还是不行")
    own.locator(".compose__send .btn--primary").click()
    own.wait_for_url(f"**/tickets/{into}/")
    expect(own.locator("#stream")).to_contain_text("还是不行")
    assert messages(stack, into) == ["还是不行"]


def test_the_filing_page_says_the_tier_of_a_closing_window_once_the_module_is_chosen(stack, browser, window):
    page = browser.open(stack.people["customer"])
    page.goto("/tickets/new/")
    expect(page.locator("#verdict")).not_to_contain_text("月末关账")
    page.locator("#about .mods label").filter(has_text="总账").click()
    expect(page.locator("#verdict")).to_contain_text("月末关账")
    expect(page.locator("#verdict .tier--urgent")).to_be_visible()
