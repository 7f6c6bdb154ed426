"""The bell rings without a reload, and what was opened from a notice counts as read."""

import pytest
from playwright.sync_api import expect

from tests.e2e.mails import text_of

pytestmark = pytest.mark.e2e
FILE = """
from accounts.models import User
from common import clock
from tests.factories import make_ticket
ticket = make_ticket(User.objects.get(email="{email}"), at=clock.now(), subject="凭证生成失败")
result = ticket.number
"""
UNREAD = """
select count(*) from notifications_notification n join accounts_user u on u.id = n.user_id
where u.email = %s and n.read_at is null
"""
UNREAD_ABOUT = """
select count(*) from notifications_notification n join accounts_user u on u.id = n.user_id
where u.email = %s and n.ticket_id = %s and n.read_at is null
"""


def test_a_new_ticket_rings_the_bell_of_its_team_and_opening_it_marks_it_read(stack, browser):
    engineer, customer = stack.people["engineer"], stack.people["customer"]
    page = browser.open(engineer)
    page.goto("/notifications/")
    page.locator("button[name=all]").click()
    page.locator("#notice-badge .badge").wait_for(state="hidden")
    number = stack.python(FILE.format(email=customer))
    # Promises of other tests' tickets fall due meanwhile and ring the same bell.
    toast = page.locator(".toast[data-passing]", has_text=number)
    toast.wait_for()
    expect(page.locator("#notice-badge .badge")).to_be_visible()
    page.locator(".notices").get_by_text(number).wait_for()
    toast.get_by_role("link").click()
    page.wait_for_url(f"**/tickets/{number}/")
    stack.until(
        lambda: stack.sql(UNREAD_ABOUT, engineer, number.removeprefix("LD-")) == [(0,)],
        "the notice to be read",
    )


def test_the_receipt_arrives_by_the_worker(stack):
    customer = stack.people["customer"]
    number = stack.python(FILE.format(email=customer))
    mail = stack.mails.wait(lambda mail: number in str(mail["Subject"]))
    assert mail["To"] == customer
    assert f"{stack.url}/tickets/{number}/" in text_of(mail)


def test_notices_are_marked_one_by_one_and_all_at_once(stack, browser):
    manager = stack.people["manager"]
    for _number in range(3):
        stack.python(FILE.format(email=stack.people["stranger"]))
    page = browser.open(manager, width=390)
    page.goto("/notifications/")
    new, bell = page.locator(".notice--new"), page.locator("#notice-badge .badge")
    before = new.count()
    page.locator(".notice__read").first.click()
    expect(new).to_have_count(before - 1)
    expect(page.locator("main a[data-notice]:focus")).to_have_count(1)
    page.locator("button[name=all]").click()
    bell.wait_for(state="hidden")
    assert new.count() == 0
    assert stack.sql(UNREAD, manager) == [(0,)]
