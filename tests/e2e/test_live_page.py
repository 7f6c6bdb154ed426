"""The live stream in a real browser."""

import pytest

from tests.e2e.doing import refused

pytestmark = pytest.mark.e2e
FILE_TICKET = """
from accounts.models import User
from tests.factories import make_ticket
result = make_ticket(User.objects.get(email="customer@test.example")).number
"""
LISTEN = """() => {
  window.heard = [];
  for (const name of ["ticket", "catch-up"]) {
    document.body.addEventListener(`live:${name}`, (event) => window.heard.push(event.detail.number ?? name));
  }
}"""
SHOW = """(state) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def page(stack, browser):
    """A customer's page with its stream open, and the addresses it asks from then on."""
    page = browser.open(stack.people["customer"])
    with page.expect_request(lambda request: request.url.endswith("/live/")):
        page.goto("/portal/")
    page.evaluate(LISTEN)
    page.streams = []
    page.on("request", lambda request: page.streams.append(request.url) if "/live/" in request.url else None)
    return page


def hears(page, what):
    page.wait_for_function("(what) => window.heard.includes(what)", arg=what)
    return True


def test_a_hint_becomes_an_event_on_the_page(stack, page):
    # What comes while the stream is still being opened is caught up with, not heard.
    page.wait_for_timeout(1000)
    assert hears(page, stack.python(FILE_TICKET))


def test_a_page_nobody_looks_at_lets_its_stream_go_and_catches_up_when_seen_again(stack, page):
    page.wait_for_timeout(1000)
    page.evaluate(SHOW, "hidden")
    page.wait_for_timeout(500)
    missed = stack.python(FILE_TICKET)
    page.wait_for_timeout(500)
    page.evaluate("window.heard.length = 0")
    page.evaluate(SHOW, "visible")
    assert hears(page, "catch-up")
    assert missed not in page.evaluate("window.heard")
    assert len(page.streams) == 1
    assert hears(page, stack.python(FILE_TICKET))


def test_a_page_whose_reader_signed_out_asks_no_more(stack, browser, page):
    page.wait_for_timeout(500)
    stack.sql("DELETE FROM django_session")
    # The server looks again after a second; a browser would be back within five.
    page.wait_for_timeout(8000)
    assert page.streams == []
    # A hint that was on its way may have had the page ask for its part once more.
    refused(browser, 401)
