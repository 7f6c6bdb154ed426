"""Looking at screens of a demo desk in a browser: in which language, how wide, in which theme."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from devtools.demo_desk import DOMAIN, PASSWORD, DemoDesk
from devtools.screens import Screen

LANGUAGES = {"zh": "zh-hans", "en": "en"}


# What one screen types is not what the next begins with. Answered in the page: a route would switch its cache off.
NOTHING_KEPT = """
try { localStorage.clear(); } catch { /* A page that may not keep anything. */ }
const send = window.fetch;
window.fetch = (what, ...more) => String(what?.url ?? what).endsWith("/draft/")
  ? Promise.resolve(Response.json({ kept: 0 })) : send.call(window, what, ...more);
"""
# When fonts are there and two frames have been drawn.
DRAWN = """async () => {
  await document.fonts.ready;
  for (let i = 0; i < 2; i++) await new Promise((drawn) => requestAnimationFrame(drawn));
}"""


@dataclass(frozen=True)
class Look:
    """In which language, how wide and in which theme."""

    language: str
    width: int
    dark: bool

    @property
    def name(self) -> str:
        """For file names: zh-1440-light."""
        return f"{self.language}-{self.width}-{'dark' if self.dark else 'light'}"


class Viewer:
    """Opens screens of a demo desk in a browser, signed in as the screen asks."""

    def __init__(self, desk: DemoDesk, browser: Browser, *, script: Path | None = None) -> None:
        """`script` is run in each page before the page's own."""
        self.desk = desk
        self._browser = browser
        self._script = script
        self._sessions: dict[str, Any] = {}
        self._windows: dict[str, BrowserContext] = {}
        self._look = Look("", 1440, dark=False)
        self.facts: dict[str, str] = json.loads(desk.inside("facts"))

    def look(self, look: Look, *, everybody: bool = True) -> None:
        """How screens are shown from now on; `everybody` False leaves alone the language people have chosen."""
        self.close()
        if everybody and self._look.language != look.language:
            self.desk.inside("speak", LANGUAGES[look.language])
        self._look = look

    def close(self) -> None:
        """Close every window."""
        for window in self._windows.values():
            window.close()
        self._windows.clear()

    def show(self, screen: Screen) -> Page:
        """The screen as it stands, in a window that the person's next screen takes over."""
        page = self._page(screen.who)
        page.goto(screen.path.format(**self.facts))
        settle(page)
        screen.then(page)
        page.evaluate("window.scrollTo(0, 0)")
        settle(page)
        return page

    def _page(self, who: str) -> Page:
        if who not in self._windows:
            self._windows[who] = self._window(who)
            self._windows[who].new_page()
        return self._windows[who].pages[0]

    def _window(self, who: str) -> BrowserContext:
        if who and who not in self._sessions:
            self._sessions[who] = self._sign_in(who)
        window = self._browser.new_context(
            base_url=self.desk.url,
            viewport={"width": self._look.width, "height": 844 if self._look.width < 600 else 900},
            color_scheme="dark" if self._look.dark else "light",
            # As the demo's people have it: the admin site remarks upon any other.
            timezone_id="Asia/Shanghai",
            has_touch=self._look.width < 600,
            reduced_motion="reduce",
            storage_state=self._sessions.get(who),
        )
        window.set_default_timeout(15_000)
        window.add_init_script(NOTHING_KEPT)
        if self._script is not None:
            window.add_init_script(path=self._script)
        language = LANGUAGES[self._look.language]
        window.add_cookies([{"name": "desk_language", "value": language, "url": self.desk.url}])
        return window

    def _sign_in(self, who: str) -> Any:
        window = self._browser.new_context(base_url=self.desk.url)
        page = window.new_page()
        page.goto("/accounts/login/")
        page.fill("#id_login", f"{who}@{DOMAIN}")
        page.fill("#id_password", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_selector("body[data-live]")
        state = window.storage_state()
        window.close()
        return state


def settle(page: Page) -> None:
    """Wait until nothing is on its way any more."""
    page.locator(".htmx-request").first.wait_for(state="detached")
    page.evaluate(DRAWN)
    page.locator(".htmx-request").first.wait_for(state="detached")
