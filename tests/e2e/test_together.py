"""Colleagues on one ticket: they see each other, and what was sent too soon is taken back."""

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from devtools import embedded
from devtools.children import Child, stop_all
from devtools.place import ROOT
from tests.e2e.conftest import Windows
from tests.e2e.doing import act, file, messages
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e


@pytest.fixture
def patient(stack: Stack) -> Iterator[str]:
    """The address of one more web process of the desk, where a reply can be taken back for half a minute."""
    port = embedded.free_port()
    url = f"http://127.0.0.1:{port}"
    own = {"PORT": str(port), "SITE_URL": url, "REPLY_UNDO_SECONDS": "30", "WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "config.serve"]
    web = Child("patient", command, {**stack.environment, **own}, stack.folder / "patient.log", ROOT)
    web.launch()
    try:
        stack.until(lambda: stack.get("/readyz", at=url) == 200, "one more web process", timeout=60)
        yield url
    finally:
        stop_all([web], timeout=10)


def test_two_see_each_other_and_a_reply_sent_too_soon_comes_back(
    stack: Stack, browser: Windows, patient: str
) -> None:
    number = file(stack)
    act(stack, number, "engineer", "take")
    engineer, manager = (browser.open(stack.people[who]) for who in ("engineer", "manager"))
    engineer.goto(f"{patient}/tickets/{number}/")
    # Through another web process.
    manager.goto(f"{stack.url}/tickets/{number}/")
    expect(engineer.locator("#presence")).to_contain_text("王倩 正在查看")
    expect(manager.locator("#presence")).to_contain_text("周航 正在查看")

    engineer.locator("#reply-body").press_sequentially("请重新登陆")
    expect(manager.locator("#presence")).to_contain_text("周航 正在写回复", timeout=3000)
    expect(manager.locator("[data-others]")).to_contain_text("周航 正在给客户写回复")

    engineer.keyboard.press("Control+Enter")
    expect(engineer.locator("#held")).to_contain_text("秒后发出")
    expect(engineer.locator("#reply-body")).to_have_value("")
    engineer.locator("#held-undo").press("Enter")
    expect(engineer.locator("#reply-body")).to_have_value("请重新登陆")
    expect(engineer.locator("#reply-body")).to_be_focused()
    assert messages(stack, number) == []

    engineer.fill("#reply-body", "请重新登录")
    engineer.keyboard.press("Control+Enter")
    expect(engineer.locator("#held")).to_contain_text("请重新登录")
    expect(engineer.locator("#reply-body")).to_have_value("")
    engineer.fill("#reply-body", "下一句")
    engineer.click("#held-go")
    expect(engineer.locator("#stream")).to_contain_text("请重新登录")
    expect(engineer.locator("#reply-body")).to_have_value("下一句")
    expect(manager.locator("#stream")).to_contain_text("请重新登录")
    assert messages(stack, number) == ["请重新登录"]

    engineer.keyboard.press("Control+Enter")
    expect(engineer.locator("#held")).to_contain_text("下一句")
    engineer.close()
    expect(manager.locator("#presence")).not_to_contain_text("周航")
    # Nobody is there to let it go: the worker does.
    stack.sql("UPDATE tickets_heldreply SET leaves_at = now()")
    expect(manager.locator("#stream")).to_contain_text("下一句")
