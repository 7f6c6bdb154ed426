"""What a page weighs: asked of a real browser with nothing in its cache, at a web process as in production."""

import os
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from playwright.sync_api import CDPSession, Page, sync_playwright

from accounts.models import User
from devtools import embedded
from devtools.browser import ARGUMENTS, find_browser
from devtools.place import ROOT

PATIENCE = 60


def print_weight(user: User, path: str) -> None:
    """Serve the database the caller is connected to, open `path` as `user`, and print what came over the wire."""
    port = embedded.free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TESTING", "PYTEST"))
    }
    address = urlsplit(os.environ["DATABASE_URL"])
    environment |= {
        "DEMO": "1",
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}")),
        "WEB_WORKERS": "1",
        "STATIC_ROOT": str(ROOT / "var" / "bench" / "static"),
    }
    command = [sys.executable, "-m"]
    subprocess.run([*command, "devtools.prepare", "bare"], env=environment, cwd=ROOT, check=True)
    server = subprocess.Popen(
        [*command, "config.serve"], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        weigh(f"http://127.0.0.1:{port}", path, session_of(user))
    finally:
        server.terminate()
        server.wait()


def wait_for(url: str) -> None:
    """Wait until somebody answers there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.2)
    raise TimeoutError(url)


def session_of(user: User) -> str:
    """The key of a session in which `user` is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def weigh(url: str, path: str, session: str) -> None:
    """Print a line for the page, one for everything together, and when it stood there, cold and then warm."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.new_page()
        for cache in ("cold", "warm"):
            loads = listen(context.new_cdp_session(page))
            page.goto(url + path, wait_until="load")
            page.wait_for_timeout(500)
            tell(f"{path} {cache}", page, loads)
        browser.close()


def listen(devtools: CDPSession) -> dict[str, dict[str, object]]:
    """Each request from now on by its id: the address, how it was encoded, and its bytes on the wire."""
    loads: dict[str, dict[str, object]] = {}
    devtools.send("Network.enable")
    devtools.on("Network.responseReceived", lambda event: loads.setdefault(event["requestId"], {}).update(
        url=event["response"]["url"], encoding=event["response"]["headers"].get("content-encoding", ""),
        cached=event["response"].get("fromDiskCache", False)))  # fmt: skip
    devtools.on("Network.loadingFinished", lambda event: loads.setdefault(event["requestId"], {}).update(
        wire=event["encodedDataLength"]))  # fmt: skip
    return loads


def tell(name: str, page: Page, loads: dict[str, dict[str, object]]) -> None:
    """Print what was loaded, and when the page stood there."""
    found = [load for load in loads.values() if load.get("wire") and not load.get("cached")]
    document = next((load for load in found if load["url"] == page.url), {})
    timing = page.evaluate(
        "(() => { const [n] = performance.getEntriesByType('navigation');"
        " return {raw: n.decodedBodySize, content: n.domContentLoadedEventEnd, load: n.loadEventEnd,"
        " nodes: document.querySelectorAll('*').length}; })()"
    )
    whole = sum(int(str(load.get("wire", 0))) for load in found)
    print(
        f"{name:20} page {timing['raw'] / 1024:.0f} KB, {int(str(document.get('wire', 0))) / 1024:.0f} KB as"
        f" {document.get('encoding') or 'sent'}; {timing['nodes']} elements; {len(found)} requests,"
        f" {whole / 1024:.0f} KB together; usable {timing['content']:.0f} ms, loaded {timing['load']:.0f} ms"
    )
