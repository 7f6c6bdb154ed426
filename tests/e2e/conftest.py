"""A real desk, a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from devtools.browser import ADVICE, ARGUMENTS, find_browser
from tests.e2e.stack import Stack

LANGUAGES = {"zh": "zh-hans", "en": "en"}
# Milliseconds a page may take on a machine that does much else.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser's process."""
    path = find_browser()
    if path is None:
        pytest.skip(ADVICE)
    playwright: Playwright
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        started.close()


class Windows:
    """Opens browser windows on the stack, each with cookies of its own, and remembers what went wrong in them."""

    def __init__(self, chromium: Browser, stack: Stack) -> None:
        self._chromium = chromium
        self._stack = stack
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def open(self, email: str = "", *, language: str = "zh", width: int = 1440, dark: bool = False) -> Page:
        """A new window; with `email` that person is signed in already, without sitting through the form."""
        context = self._chromium.new_context(
            base_url=self._stack.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            has_touch=width < 600,
        )
        self._contexts.append(context)
        cookies: list[Any] = [
            {"name": "desk_language", "value": LANGUAGES[language], "url": self._stack.url},
        ]
        if email:
            cookies.append(
                {"name": "sessionid", "value": self._stack.session(email), "url": self._stack.url},
            )
        context.add_cookies(cookies)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.location.get('url', '')}: {message.text}")

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def browser(chromium: Browser, stack: Stack) -> Iterator[Windows]:
    """Opens windows: `browser.open("customer@test.example")`. An error on a page's console fails the test.

    A test that provokes an error takes it out of `browser.errors` itself.
    """
    windows = Windows(chromium, stack)
    yield windows
    windows.close()
    assert windows.errors == []
