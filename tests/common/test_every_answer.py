"""What every answer carries, whichever part of the desk gave it."""

import json
from html import unescape

import pytest
from django.test import Client

from tests.factories import make_desk

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}
ANSWERS = {
    "a page": (lambda visitor: visitor.get("/accounts/login/"), 200),
    "a way to sign in": (lambda visitor: visitor.get("/board/"), 302),
    "a part asked for after the session has ended": (lambda visitor: visitor.get("/board/", **HTMX), 401),
    "nothing there": (lambda visitor: visitor.get("/nothing/"), 404),
    "an address with a NUL": (lambda visitor: visitor.get("/tickets/new/?q=%00"), 400),
    "a host that is not ours": (lambda visitor: visitor.get("/", headers={"host": "evil.example"}), 400),
    "a form without its token": (lambda visitor: visitor.post("/theme/", {"theme": "dark"}), 403),
    "an address without its slash": (lambda visitor: visitor.get("/board"), 301),
    "a program's refusal": (lambda visitor: visitor.get("/api/v1/tickets"), 401),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_says_what_a_browser_may_do_with_it(what):
    ask, status = ANSWERS[what]
    answer = ask(Client(enforce_csrf_checks=True))
    assert answer.status_code == status
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_htmx_carries_no_style_of_an_element_over_which_the_policy_would_refuse():
    # A text box pulled taller has one.
    page = Client().get("/accounts/login/").text
    config = json.loads(unescape(page.partition('name="htmx-config" content=\'')[2].partition("'>")[0]))
    assert config["attributesToSettle"] == ["class", "width", "height"]


@pytest.mark.parametrize(
    "path", ["/admin/", "/api/docs/", "/api/schema/", "/figures/", "/static/nothing.css"]
)
def test_so_do_the_pages_of_libraries_and_files(client, path):
    client.force_login(make_desk().admin)
    assert "default-src 'none'" in client.get(path).headers["Content-Security-Policy"]
