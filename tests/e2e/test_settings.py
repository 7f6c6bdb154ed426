"""An administrator configures the desk in a browser; no page of it may put an error on the console."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import file, key
from tests.e2e.mails import links_in
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e
QUESTION = """
from accounts.models import User
from common import clock
from tests.factories import make_ticket
result = make_ticket(User.objects.get(email={customer!r}), at=clock.now(), category="how-to").number
"""
WITHIN = "SELECT within, due_at - started_at FROM sla_clock WHERE ticket_id = %s AND metric = 'resolution'"
MEMBERS = """
SELECT u.email FROM accounts_teammembership m JOIN accounts_user u ON u.id = m.user_id
JOIN accounts_team t ON t.id = m.team_id WHERE t.code = %s ORDER BY u.email
"""


@pytest.fixture
def page(stack: Stack, browser: Windows) -> Page:
    """A window of the administrator."""
    return browser.open(stack.people["admin"])


def save(page: Page) -> None:
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success").first).to_be_visible()


def test_every_form_of_the_settings_opens_without_an_error_on_the_console(page: Page) -> None:
    page.goto("/admin/")
    links = page.locator("a.addlink")
    addresses = sorted({str(link.get_attribute("href")) for link in links.all()})
    assert len(addresses) >= 8
    for address in addresses:
        page.goto(address)
        expect(page.locator("[name=_save]")).to_be_visible()
        page.goto(address.removesuffix("add/"))
        expect(page.locator("#changelist")).to_be_visible()


def test_a_tiers_target_is_changed_and_open_clocks_follow(stack: Stack, page: Page) -> None:
    number = stack.python(QUESTION.format(customer=stack.people["customer"]))
    page.goto("/admin/sla/policy/")
    page.locator("#result_list").get_by_role("link", name="标准承诺").click()
    rows = page.locator("tr.has_original:has(option[value=consultation]:checked)")
    rows.filter(has=page.locator("option[value=resolution]:checked")).locator("input[name$=within]").fill(
        "96"
    )
    save(page)
    changed = [(timedelta(hours=96), timedelta(hours=96))]
    stack.until(lambda: stack.sql(WITHIN, key(number)) == changed, "the open clock to follow")


def test_a_new_product_can_be_filed_about_at_once(stack: Stack, browser: Windows, page: Page) -> None:
    page.goto("/admin/catalog/product/add/")
    page.locator("#id_name_zh").fill("明细账通")
    page.locator("#id_name_en").press_sequentially("Ledger Plus")
    expect(page.locator("#id_code")).to_have_value("ledger-plus")
    page.locator("#id_vendor").fill("Ledger")
    save(page)
    filing = browser.open(stack.people["stranger"])
    filing.goto("/tickets/new/?product=ledger-plus")
    expect(filing.locator("#other_product")).to_have_value("ledger-plus")
    page.goto("/admin/catalog/product/?q=ledger-plus")
    page.locator("#result_list input[type=checkbox][name$=is_active]").uncheck()
    save(page)
    filing.goto("/tickets/new/")
    expect(filing.locator("#other_product option[value=ledger-plus]")).to_have_count(0)


def test_a_team_takes_a_member_found_by_name_who_then_sees_its_tickets(
    stack: Stack, browser: Windows, page: Page
) -> None:
    page.goto("/admin/accounts/team/add/")
    page.locator("#id_code").fill("audit")
    page.locator("#id_name_zh").fill("审计组")
    page.locator("#id_name_en").fill("Audit team")
    page.locator(".field-user .select2-selection").first.click()
    page.locator(".select2-search__field").press_sequentially("赵敏")
    page.locator(".select2-results__option", has_text="赵敏").click()
    save(page)
    assert stack.sql(MEMBERS, "audit") == [(stack.people["engineer2"],)]
    page.goto("/admin/catalog/module/add/")
    page.locator("#id_code").fill("audit")
    page.locator("#id_name_zh").fill("审计")
    page.locator("#id_name_en").fill("Audit")
    page.locator("#id_team").select_option(label="审计组")
    save(page)
    number = file(stack, module="audit")
    board = browser.open(stack.people["engineer2"])
    board.goto(f"/tickets/{number}/")
    expect(board.locator("#side")).to_contain_text("审计组")


def test_a_new_person_of_a_new_organisation_sets_a_password_and_gets_in(
    stack: Stack, browser: Windows, page: Page
) -> None:
    page.goto("/admin/accounts/organisation/add/")
    page.locator("#id_name").fill("远山制造")
    page.locator("#id_name_en").press_sequentially("Yuanshan")
    expect(page.locator("#id_code")).to_have_value("yuanshan")
    save(page)
    page.goto("/admin/accounts/user/add/")
    page.locator("#id_email").fill("su@yuanshan.example")
    page.locator("#id_name").fill("苏敏")
    page.locator("#id_role").select_option("customer")
    page.locator(".field-organisation .select2-selection").click()
    page.locator(".select2-search__field").press_sequentially("远山")
    page.locator(".select2-results__option", has_text="远山").click()
    save(page)
    letter = stack.mails.wait(lambda mail: mail["To"] == "su@yuanshan.example")
    own = browser.open()
    own.goto(next(link for link in links_in(letter) if "password" in link))
    for field in own.locator("input[type=password]").all():
        field.fill("zhang-bu-hui-luan-2026")
    own.locator("main button[type=submit]").click()
    own.locator("main").get_by_role("link", name="登录").click()
    own.locator("input[name=login]").fill("su@yuanshan.example")
    own.locator("input[name=password]").fill("zhang-bu-hui-luan-2026")
    own.locator("main button[type=submit]").click()
    own.wait_for_url("**/portal/")
    expect(own.locator("header")).to_contain_text("远山制造")
