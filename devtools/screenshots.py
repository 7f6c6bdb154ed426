"""`python -m devtools.screenshots`: every screen in var/screenshots/, in both languages and themes, wide and narrow.

With `--readme` the pictures of the README in docs/images/ instead. Names as arguments choose screens.

The desk is one of its own with the demo data; nothing of the user's is touched.
"""

import argparse
import itertools
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright
from tqdm import tqdm

from devtools.browser import ADVICE, ARGUMENTS, find_browser
from devtools.demo_desk import DemoDesk, demo_desk
from devtools.embedded import CannotStart
from devtools.place import ROOT, Unusable
from devtools.screens import NOBODY, SCREENS, Screen
from devtools.viewing import Look, Viewer

ALL = ROOT / "var" / "screenshots"
README = ROOT / "docs" / "images"
LARGEST = 250 * 1024
LOOKS = [Look(*parts) for parts in itertools.product(("zh", "en"), (1440, 390), (False, True))]
AWAY = Screen("error-500", NOBODY, "/s/{survey_open}/")
# What the READMEs show: a screen, how wide and dark, in the language of each.
SHOWN = (
    ("board-all", 1440, False),
    ("ticket", 1440, False),
    ("figures", 1440, False),
    ("filing-suggestions", 1440, False),
    ("portal", 390, True),
    ("own-ticket-resolved", 390, False),
    ("board-all", 390, True),
    ("survey-clicked", 390, False),
)


def main(arguments: list[str]) -> int:
    """Take the pictures; the exit code."""
    parser = argparse.ArgumentParser(prog="devtools.screenshots")
    parser.add_argument("--readme", action="store_true", help="the pictures of the README alone")
    parser.add_argument(
        "--look", action="append", choices=[look.name for look in LOOKS], help="only this look"
    )
    parser.add_argument("screens", nargs="*", metavar="SCREEN", help="only screens of these names")
    options = parser.parse_args(arguments)
    path = find_browser()
    if path is None:
        sys.exit(ADVICE)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print("Starting a desk with demo data …", flush=True)
    try:
        with demo_desk() as desk, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            if options.readme:
                return take_for_readme(desk, browser)
            looks = [look for look in LOOKS if look.name in (options.look or [look.name])]
            return take_all(desk, browser, looks, set(options.screens))
    except (Unusable, CannotStart) as error:
        sys.exit(str(error))


def take_all(desk: DemoDesk, browser: Browser, looks: list[Look], wanted: set[str]) -> int:
    """Every screen, or those wanted, in each look; 1 if something was wrong with one."""
    screens = [screen for screen in SCREENS if not wanted or screen.name in wanted]
    viewer, wrong = Viewer(desk, browser), 0
    ALL.mkdir(parents=True, exist_ok=True)
    with tqdm(total=len(looks) * (len(screens) + 1), unit=" pictures", desc="Screenshots") as bar:
        for look in looks:
            viewer.look(look)
            for screen in screens:
                wrong += _take(viewer, screen, look, bar)
        with desk.without_database():
            for look in looks:
                viewer.look(look, everybody=False)
                wrong += _take(viewer, AWAY, look, bar)
    return 1 if wrong else 0


def _take(viewer: Viewer, screen: Screen, look: Look, bar: "tqdm[Any]") -> bool:
    """Take one picture; whether something was wrong with the screen, which is told at once."""
    file, wrong = ALL / f"{screen.name}-{look.name}.png", ""
    try:
        page = viewer.show(screen)
        with _whole(page):
            page.screenshot(path=file, animations="disabled")
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        wrong = f"{wider} px wider than the window" if wider > 0 else ""
    except Error as error:
        wrong = error.message.splitlines()[0]
    if wrong:
        bar.write(f"{file.name}: {wrong}")
    bar.update()
    return bool(wrong)


@contextmanager
def _whole(page: Page) -> Iterator[None]:
    """The window is as tall as the page meanwhile: what sticks to its edges stands at the page's."""
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    if size is None or page.locator("dialog[open]").count():
        yield
        return
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    page.wait_for_timeout(50)
    try:
        yield
    finally:
        page.set_viewport_size(size)


def take_for_readme(desk: DemoDesk, browser: Browser) -> int:
    """The pictures of both READMEs: what one sees without scrolling."""
    viewer, by_name = Viewer(desk, browser), {screen.name: screen for screen in SCREENS}
    README.mkdir(parents=True, exist_ok=True)
    todo = sorted(itertools.product(("zh", "en"), SHOWN), key=lambda one: (one[0], one[1][1:]))
    for language, (name, width, dark) in tqdm(todo, unit=" pictures", desc="Pictures of the README"):
        viewer.look(Look(language, width, dark))
        file = README / f"{name}{'-phone' if width < 600 else ''}.{language}.png"
        page = viewer.show(by_name[name])
        page.screenshot(path=file, animations="disabled")
        if file.stat().st_size > LARGEST:
            print(f"{file} is larger than {LARGEST // 1024} KB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
