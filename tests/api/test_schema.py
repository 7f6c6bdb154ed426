"""The description and its page."""

import re

import pytest
from django.core.management import call_command
from drf_spectacular.drainage import GENERATOR_STATS

from api.docs import described


@pytest.fixture
def schema(db):
    return described("zh-hans")


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield path, method, operation


def test_the_description_is_valid_and_nothing_about_it_is_guessed(tmp_path, db):
    GENERATOR_STATS.reset()
    target = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    assert "openapi: 3." in target.read_text()


# Posted without a body.
ASKS_FOR_NOTHING = {"take_next_ticket"}


def test_every_endpoint_describes_its_answers_and_refusals(schema):
    for path, method, operation in operations(schema):
        statuses = set(operation["responses"])
        where = f"{method} {path}"
        assert statuses & {"200", "201", "204"}, where
        assert ("401" in statuses) == ("surveys" not in path), where
        if "{" in path:
            assert "404" in statuses, where
        if method == "post":
            assert {"400", "415", "422"} <= statuses, where
            assert bool(operation.get("requestBody")) == (operation["operationId"] not in ASKS_FOR_NOTHING), (
                where
            )
        for status, answer in operation["responses"].items():
            assert status == "204" or answer["content"], where


def test_only_signing_in_and_questionnaires_need_no_sign_in(schema):
    free = {(path, method) for path, method, op in operations(schema) if not op.get("security")}
    survey = "/api/v1/surveys/{token}"
    assert free == {("/api/v1/auth/token", "post"), (survey, "get"), (survey, "post")}


def test_every_endpoint_of_the_contract_is_there(schema):
    served = {(method.upper(), path.removeprefix("/api/v1")) for path, method, _op in operations(schema)}
    assert served >= {
        ("POST", "/auth/token"),
        ("GET", "/tickets"),
        ("POST", "/tickets"),
        ("GET", "/tickets/{number}"),
        ("POST", "/tickets/{number}/replies"),
        ("POST", "/tickets/{number}/transitions"),
        ("GET", "/tickets/{number}/history"),
        ("GET", "/board"),
        ("GET", "/surveys/{token}"),
        ("POST", "/surveys/{token}"),
        ("GET", "/handbook/articles"),
        ("GET", "/notifications"),
        ("GET", "/figures"),
    }


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "File a ticket"), ("zh-hans", "提交工单"), ("x\ny", "提交工单")]
)
def test_it_is_read_without_signing_in_in_the_language_asked_for(client, db, lang, words):
    answer = client.get("/api/schema/", {"format": "json", "lang": lang})
    assert answer.status_code == 200
    assert answer.json()["paths"]["/api/v1/tickets"]["post"]["summary"] == words


def test_the_page_loads_nothing_from_elsewhere_and_holds_no_inline_script(client, db):
    page = client.get("/api/docs/")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert addresses
    assert all(address.startswith(("/", "#")) and not address.startswith("//") for address in addresses)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", page.text)
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    script = client.get("/api/docs/", {"script": ""})
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert "/api/schema/?lang=zh-hans" in script.text.replace("\\u003D", "=").replace("\\u002D", "-")
