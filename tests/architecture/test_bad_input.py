"""Whatever is typed into an address or a form, no page breaks."""

import random

import pytest
from django.test import Client

from tests.architecture.test_who_may import ROUTES, address, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
# Times each page is asked.
ROUNDS = 3
NAMES = [
    "after", "all", "action", "assignee", "attachments", "before", "body", "called_at", "change", "channel", "column",
    "cursor", "deadline", "deadline_at", "depth", "description", "email", "from", "id", "key", "kind",
    "as_weekday", "code", "date", "hours_0", "hours_6", "into", "name_en", "preview", "language", "last", "login",
    "module", "name", "next", "organisation", "part", "period", "person",
    "product", "q",
    "quiet_days", "quiet_from", "quiet_to", "recommend", "remove",
    "requester", "resolution", "satisfaction", "seen", "since", "solved",
    "sort", "status", "subject", "team", "theme", "through", "tier", "time_zone", "to", "tz", "version", "view",
    "wait", "who",
]  # fmt: skip
VALUES = [
    "", "\x00", "a\x00b", "9" * 18, "9" * 19, "9" * 400, "-1", "1e400", "nan~a", "²", "９", "LD-1", "LD-" + "9" * 18,
    "0001-01-01", "9999-12-31", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30", "'", "\\", "%", "%(name)s",
    "{{x}}", "a & b | !c", "<->", "🀄", "\u202e", "结账", "A" * 20_000, "a\r\nX: y", "//evil.example", "none", "me",
    "open,", "1-1", "253402300800000000-1", "Asia", "../etc/passwd", "live", "earlier", "in_progress", "urgent",
    "00000000-0000-0000-0000-000000000000",
    "09:00-12:00", "24:00-25:00", "off", "makeup",
]  # fmt: skip
BODIES = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=abc", b"--abc\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\nx"),
    ("application/x-www-form-urlencoded; charset=nope", b"body=x"),
    ("application/x-www-form-urlencoded", b"&" * 2000),
    ("application/x-www-form-urlencoded", b"body=" + b"y" * 1_000_000),
    ("application/x-www-form-urlencoded", b"body=" + b"y" * 6_000_000),
    ("application/json", b"\xff\xfe"),
]  # fmt: skip
PAGES = sorted(name for name in ROUTES if not name.startswith("api-"))


@pytest.mark.parametrize("role", ["anonymous", "customer", "manager"])
def test_no_page_breaks(world, role, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    people, values = world
    visitor = Client(raise_request_exception=False)
    if people[role] is not None:
        visitor.force_login(people[role])
    rnd = random.Random(role)
    broken = []
    for name in PAGES:
        where = address(ROUTES[name], values)
        for _round in range(ROUNDS):
            said = {rnd.choice(NAMES): rnd.choice(VALUES) for _ in range(rnd.randint(1, 6))}
            htmx = {"HX-Request": "true"} if rnd.random() < 0.5 else {}
            for answer in (visitor.get(where, said, headers=htmx), visitor.post(where, said, headers=htmx)):
                if answer.status_code >= 500 or _leads_away(answer):
                    broken.append((name, answer.request["REQUEST_METHOD"], answer.status_code, said))
        kind, body = rnd.choice(BODIES)
        if visitor.generic("POST", where, body, content_type=kind).status_code >= 500:
            broken.append((name, kind, body[:40]))
    assert broken == []


def _leads_away(answer) -> bool:
    target = answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")
    return target.startswith(("//", "http://evil", "https://"))


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_no_method_breaks_a_page(world, method):
    people, values = world
    visitor = Client(raise_request_exception=False)
    visitor.force_login(people["manager"])
    statuses = {name: visitor.generic(method, address(ROUTES[name], values)).status_code for name in PAGES}
    assert {name: status for name, status in statuses.items() if status >= 500} == {}
