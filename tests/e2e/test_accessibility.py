"""Every screen before axe, in both languages and themes, on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from devtools.demo_desk import demo_desk
from devtools.place import ROOT
from devtools.screens import SCREENS, Screen
from devtools.viewing import Look, Viewer

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("demo-desk")]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [Look("zh", 1440, dark=False), Look("en", 390, dark=True)]
# In what others bring: the tables of Django's admin site (an empty head over their handles) and Swagger UI.
NOT_OURS = ("thead > tr > .original", "#operations")
RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, any }) => `${impact} ${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`));
}"""
WIDER = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def demo(chromium: Browser) -> Iterator[Viewer]:
    """A desk with the demo data, and a browser that carries axe."""
    with demo_desk() as desk:
        viewer = Viewer(desk, chromium, script=AXE)
        yield viewer
        viewer.close()


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: look.name)
def viewer(demo: Viewer, request: pytest.FixtureRequest) -> Viewer:
    """The same, showing screens in one look."""
    demo.look(request.param)
    return demo


def faults(page: Page) -> list[str]:
    """What keeps somebody from using the page: axe's findings, one line a place, and what stands out of the window."""
    found = [fault for fault in page.evaluate(RUN) if not any(one in fault for one in NOT_OURS)]
    wider = page.evaluate(WIDER)
    return [*found, *([f"{wider} px wider than the window"] if wider > 0 else [])]


def test_axe_finds_what_is_wrong(viewer: Viewer):
    page = viewer.show(SCREENS[0])
    page.evaluate("document.querySelector('input[type=password]').removeAttribute('id')")
    page.evaluate("document.querySelector('input[type=password]').removeAttribute('placeholder')")
    assert any("label" in fault for fault in faults(page))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_everybody_can_use_it(viewer: Viewer, screen: Screen):
    found = faults(viewer.show(screen))
    assert not found, "\n".join(found)
