"""One shape for every refusal."""

import json

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from rest_framework.exceptions import ErrorDetail
from rest_framework.test import APIRequestFactory

from api.errors import flattened, handle
from common.errors import DeskError
from tests.factories import make_ticket

TICKETS = "/api/v1/tickets"
SHAPE = {"error", "message", "fields"}


def test_nobody_signed_in_is_asked_for_a_token_and_never_forbidden(client, desk):
    for url in (TICKETS, "/api/v1/board", f"{TICKETS}/LD-1"):
        answer = client.get(url)
        assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Token"
        assert set(answer.json()) == SHAPE


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v1/tickets/", "/api/v2/tickets"])
def test_an_address_that_is_none_is_told_as_json(client, desk, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert set(answer.json()) == SHAPE


def test_an_address_with_a_nul_is_refused_as_json(api, desk):
    answer = api(desk.customer).get(f"{TICKETS}?q=%00")
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


@pytest.mark.parametrize("number", ["LD-1", "LD-999999999999999999999", "x", "LD-", "１", "%E2%80%8B"])
def test_a_ticket_that_is_none_is_not_found(api, desk, number):
    for rest in ("", "/messages", "/history", "/attachments"):
        assert api(desk.admin).get(f"{TICKETS}/{number}{rest}").status_code == 404


def test_a_method_nobody_answers(api, desk):
    answer = api(desk.customer).delete(TICKETS)
    assert (answer.status_code, answer.json()["error"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_another_kind_of_body(api, desk):
    answer = api(desk.customer).post(TICKETS, {"subject": "x"})
    assert (answer.status_code, answer.json()["error"]) == (415, "unsupported_media_type")


def test_another_kind_of_answer(api, desk):
    answer = api(desk.customer).get(TICKETS, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["error"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b'{"subject": NaN}',
        b'{"subject": ' + b"1" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_cannot_be_read(api, desk, body):
    answer = api(desk.customer).post(TICKETS, body, content_type="application/json")
    # No body at all is an empty one: what it lacks is said.
    assert answer.status_code == (400 if body else 422)
    assert set(answer.json()) == SHAPE


def test_a_body_past_the_limit(api, desk):
    body = json.dumps({"description": "x" * (6 * 1024 * 1024)})
    answer = api(desk.customer).post(TICKETS, body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_a_megabyte_of_text_is_too_long_for_its_field(api, desk):
    body = json.dumps({"body": "账" * 350_000}, ensure_ascii=False)
    number = make_ticket(desk.customer).number
    answer = api(desk.customer).post(f"{TICKETS}/{number}/replies", body, content_type="application/json")
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {"body"})


@pytest.mark.parametrize("body", ["[]", '"x"', "5", "null", "true", "[{}]"])
def test_a_body_that_is_no_object_is_refused_as_a_whole(api, desk, body):
    answer = api(desk.customer).post(TICKETS, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["fields"]


@pytest.mark.parametrize(
    ("language", "general", "field"),
    [
        ("en", "Some of this cannot be taken; each field says why.", "Write a few words first."),
        ("zh-CN", "有些内容没有被接受，各字段分别说明了原因。", "请先写几句。"),
    ],
)
def test_refusals_are_in_the_callers_language(api, desk, language, general, field):
    number = make_ticket(desk.customer).number
    program = api(desk.customer, **{"Accept-Language": language})
    answer = program.post(f"{TICKETS}/{number}/replies", {"body": " "}, content_type="application/json")
    assert answer.json() == {"error": "invalid", "message": general, "fields": {"body": [field]}}


def test_a_session_changes_things_only_with_its_csrf_token(desk, guarded):
    guarded.force_login(desk.customer)
    answer = guarded.post(TICKETS, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")
    assert guarded.get(TICKETS).status_code == 200
    token = guarded.get("/api/docs/?script=").cookies["csrftoken"].value
    again = guarded.post(TICKETS, {}, content_type="application/json", headers={"X-CSRFToken": token})
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "not_allowed"),
        (SuspiciousOperation(), 400, "malformed"),
        (DeskError("not now"), 409, "refused"),
        (RuntimeError("secret detail"), 500, "server_error"),
    ],
)
def test_whatever_is_raised_has_its_answer(error, status, code, db):
    answer = handle(error, {"request": APIRequestFactory().get("/api/v1/x")})
    assert (answer.status_code, answer.data["error"]) == (status, code)
    assert "secret" not in str(answer.data)


def test_what_nobody_foresaw_leaves_a_line_in_the_log(db, caplog):
    handle(RuntimeError("disk on fire"), {"request": APIRequestFactory().get("/api/v1/x")})
    assert "api_failed" in caplog.text


def test_nested_messages_are_flattened_and_cleaned():
    detail = {
        "impact": {"deadline": [ErrorDetail("bad")]},
        "attachments": {0: [ErrorDetail("no key")]},
        "rows": [{}, {"a": [ErrorDetail("gone")]}],
        "non_field_errors": [ErrorDetail("\x00 and \ud800")],
    }
    assert flattened(detail) == {
        "impact.deadline": ["bad"],
        "attachments.0": ["no key"],
        "rows.1.a": ["gone"],
        "body": ["and"],
    }
