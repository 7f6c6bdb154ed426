"""The page of a ticket in a real browser, while others work on the same ticket."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.doing import act, file, messages, open_ticket, refused, say

pytestmark = pytest.mark.e2e


@pytest.fixture
def ticket(stack) -> str:
    """A ticket the engineer works on."""
    number = file(stack)
    act(stack, number, "engineer", "take")
    return number


@pytest.fixture
def page(stack, browser, ticket) -> Page:
    """Its page, open before the engineer."""
    return open_ticket(browser.open(stack.people["engineer"]), ticket)


def box(page: Page):
    return page.locator("#reply-body")


def send(page: Page) -> None:
    page.locator(".compose__send .btn--primary").click()


def test_what_is_being_typed_survives_what_others_do(stack, page, ticket):
    page.locator("#why-resolution summary").click()
    box(page).click()
    page.keyboard.type("正在写的答复")
    page.keyboard.press("ArrowLeft")
    say(stack, ticket, "manager", "我来插一句", public=False)
    act(stack, ticket, "manager", "set_tier", tier="urgent")
    expect(page.locator("#stream .msg--note")).to_contain_text("我来插一句")
    expect(page.locator("#ticket-head .tier--urgent")).to_be_visible()
    expect(page.locator("#news")).to_contain_text("王倩")
    expect(box(page)).to_have_value("正在写的答复")
    expect(box(page)).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") == 5
    expect(page.locator("#why-resolution .timeline")).to_be_visible()


def test_who_is_overtaken_is_told_and_sends_all_the_same(stack, browser, page, ticket):
    box(page).fill("写了很久的答复")
    say(stack, ticket, "manager", "我来答复吧")
    expect(page.locator("#stream")).to_contain_text("我来答复吧")
    box(page).press("Control+Enter")
    expect(page.locator("#compose .told")).to_contain_text("我来答复吧")
    expect(box(page)).to_have_value("写了很久的答复")
    box(page).press("Control+Enter")
    expect(box(page)).to_have_value("")
    expect(page.locator("#stream .msg--us").last).to_contain_text("写了很久的答复")
    assert messages(stack, ticket) == ["我来答复吧", "写了很久的答复"]
    refused(browser, 409)


def test_who_has_not_begun_to_write_has_read_what_came(stack, page, ticket):
    say(stack, ticket, "customer", "还是不行")
    expect(page.locator("#stream")).to_contain_text("还是不行")
    box(page).fill("请重启客户端")
    send(page)
    expect(box(page)).to_have_value("")
    assert messages(stack, ticket) == ["还是不行", "请重启客户端"]


def test_an_impatient_double_click_sends_once(stack, page, ticket):
    box(page).fill("只发一次")
    page.locator(".compose__send .btn--primary").dblclick()
    expect(box(page)).to_have_value("")
    page.wait_for_timeout(300)
    assert messages(stack, ticket) == ["只发一次"]


def test_a_draft_outlives_its_page_and_goes_once_sent(stack, browser, page, ticket):
    page.locator("label:has(input[value=internal])").click()
    box(page).fill("没写完的备注")
    expect(page.locator(".compose__saved")).not_to_be_empty()
    stack.until(
        lambda: stack.sql("SELECT 1 FROM tickets_replydraft WHERE body = '没写完的备注'"), "the draft"
    )
    elsewhere = open_ticket(browser.open(stack.people["engineer"]), ticket)
    expect(box(elsewhere)).to_have_value("没写完的备注")
    page.reload()
    expect(box(page)).to_have_value("没写完的备注")
    expect(page.locator("input[value=internal]")).to_be_checked()
    # From within the box: it goes with the focus in it.
    box(page).press("Control+Enter")
    expect(page.locator("#stream .msg--note")).to_contain_text("没写完的备注")
    page.wait_for_timeout(500)
    for device in (page, elsewhere):
        device.reload()
        expect(box(device)).to_have_value("")


PASTE = """async (names) => {
    for (const name of names) {
        const blob = await new Promise((done) => document.createElement("canvas").toBlob(done));
        const pasted = new DataTransfer();
        pasted.items.add(new File([blob], name, { type: "image/png" }));
        const event = new ClipboardEvent("paste", { clipboardData: pasted, bubbles: true, cancelable: true });
        document.getElementById("reply-body").dispatchEvent(event);
    }
}"""


def test_pasted_pictures_get_a_name_and_open_in_the_page(stack, browser, page, ticket):
    page.evaluate(PASTE, ["image.png", "凭证.png"])
    expect(page.locator(".compose .thumb:not(.is-sending)")).to_have_count(2)
    box(page).fill("见截图")
    send(page)
    expect(page.locator("#stream [data-picture^=截图]")).to_be_visible()
    customer = open_ticket(browser.open(stack.people["customer"]), ticket)
    for window in (page, customer):
        window.locator("#stream [data-picture^=截图]").click()
        expect(window.locator("#pictures img")).to_be_visible()
        window.keyboard.press("ArrowRight")
        expect(window.locator(".pictures__name")).to_have_text("凭证.png")
        window.keyboard.press("Escape")
        expect(window.locator("#pictures")).to_be_hidden()


def test_a_lost_connection_loses_nothing(stack, browser, page, ticket):
    box(page).fill("断网时写的")
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#failed")).to_be_visible()
    expect(box(page)).to_have_value("断网时写的")
    page.context.set_offline(False)
    send(page)
    expect(box(page)).to_have_value("")
    assert messages(stack, ticket) == ["断网时写的"]
    browser.errors.clear()


def test_a_form_that_was_overtaken_keeps_its_words(stack, browser, page, ticket):
    page.locator("#do-resolve").click()
    expect(page.locator("#dialog textarea")).to_be_focused()
    page.locator("#dialog textarea").fill("重新执行合并任务")
    act(stack, ticket, "manager", "set_tier", tier="urgent")
    expect(page.locator("#ticket-head .tier--urgent")).to_be_visible()
    expect(page.locator("#dialog textarea")).to_have_value("重新执行合并任务")
    page.locator("#dialog .btn--primary").click()
    expect(page.locator("#dialog .told")).to_be_visible()
    expect(page.locator("#dialog textarea")).to_have_value("重新执行合并任务")
    page.locator("#dialog .btn--primary").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#stream .said--resolve")).to_contain_text("重新执行合并任务")
    refused(browser, 409)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_customer_watches_each_stage_and_has_the_last_word(stack, browser, ticket, width):
    own = open_ticket(browser.open(stack.people["customer"], width=width), ticket)
    assert own.evaluate("document.documentElement.scrollWidth") <= width
    now = own.locator(".steps [aria-current=step]")
    say(stack, ticket, "engineer", "查到了。<script>alert(1)</script>")
    say(stack, ticket, "engineer", "内部的话", public=False)
    expect(own.locator("#stream")).to_contain_text("查到了。<script>alert(1)</script>")
    act(stack, ticket, "engineer", "wait_customer")
    expect(now).to_contain_text("等您补充")
    act(stack, ticket, "engineer", "resolve", resolution="取数公式已改回")
    expect(now).to_contain_text("等您确认")
    own.locator("#do-reject").click()
    own.locator("#dialog textarea").fill("第 7 行还是 0")
    own.locator("#dialog .btn--primary").click()
    expect(now).to_contain_text("处理中")
    expect(own.locator("#stream")).to_contain_text("第 7 行还是 0")
    act(stack, ticket, "engineer", "resolve", resolution="这次真的好了")
    own.locator("#do-confirm").click()
    expect(own.locator(".steps .is-past")).to_have_count(5)
    expect(own.locator("#main")).not_to_contain_text("内部的话")


def test_a_property_is_put_right_in_place_while_others_go_on(stack, browser, page, ticket):
    other = open_ticket(browser.open(stack.people["manager"]), ticket)
    page.locator("#edit-module").click()
    choice = page.locator(".inplace select")
    expect(choice).to_be_focused()
    choice.select_option("tax")
    act(stack, ticket, "manager", "set_tier", tier="urgent")
    expect(page.locator("#ticket-head .tier--urgent")).to_be_visible()
    expect(choice).to_have_value("tax")
    choice.press("Control+Enter")
    expect(page.locator(".inplace [role=alert]")).to_contain_text(ticket)
    refused(browser, 409)
    page.locator(".inplace .btn--primary").click()
    expect(page.locator(".inplace")).to_have_count(0)
    expect(page.locator("#side .props")).to_contain_text("税务")
    expect(page.locator("#side .tier--urgent")).to_be_visible()
    expect(other.locator("#side .props")).to_contain_text("税务")
    page.locator("#edit-tags").click()
    page.locator(".inplace input[name=tags]").press("Escape")
    expect(page.locator(".inplace")).to_have_count(0)
    expect(page.locator("#edit-tags")).to_be_focused()


def test_a_link_is_made_and_seen_from_the_other_ticket(stack, browser, page, ticket):
    other = file(stack, "stranger")
    theirs = open_ticket(browser.open(stack.people["manager"]), other)
    page.locator("#ask-link").click()
    page.locator("#dialog select").select_option("duplicate")
    page.locator("#dialog input[name=other]").fill(other)
    page.locator("#dialog .btn--primary").click()
    expect(page.locator("#side .rel").first).to_contain_text(other)
    expect(theirs.locator("#side .rel").first).to_contain_text(ticket)
    page.locator("#side .rel form button").click()
    expect(page.locator("#side .rel form")).to_have_count(0)
