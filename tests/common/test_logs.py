"""What the logs say and what they keep to themselves."""

import json
import logging

import httpx
import pytest

from config.logs import drop_personal, logging_config, without_secrets


@pytest.fixture
def written(tmp_path):
    """Writes with the production formatter; the lines as objects."""
    path = tmp_path / "log"
    formatter = logging_config(level="INFO", plain=False)["formatters"]["line"]
    handler = logging.FileHandler(path)
    make = formatter.pop("()")
    handler.setFormatter(make(**formatter))
    logger = logging.Logger("desk")
    logger.addHandler(handler)

    def write(*arguments, **keywords):
        logger.error(*arguments, **keywords)
        handler.flush()
        return json.loads(path.read_text().splitlines()[-1])

    return write


@pytest.mark.parametrize(
    ("request_line", "kept"),
    [
        ("GET /tickets/LD-10423/?q=工资", "GET /tickets/LD-10423/"),
        ("GET /s/eyJpIjoxfQ:1vN:abc_DEF/", "GET /s/…/"),
        (
            "GET /accounts/password/reset/key/1-c8k4uq-5f2e8d5f2e8d5f2e8d/",
            "GET /accounts/password/reset/key/…/",
        ),
        ("GET /handbook/month-end-report-not-visible/", "GET /handbook/month-end-report-not-visible/"),
    ],
)
def test_an_address_is_kept_without_its_query_and_without_tokens(request_line, kept):
    assert without_secrets(request_line) == kept


def test_an_address_of_a_person_is_masked_in_an_errors_words_too(written):
    try:
        raise ValueError("Key (email)=(chen.jing@hengxin.example) already exists")
    except ValueError:
        line = written("sign-up of %s failed", "chen.jing@hengxin.example", exc_info=True)
    assert line["event"] == "sign-up of …@… failed"
    assert "already exists" in line["exception"]
    assert "chen.jing" not in json.dumps(line)


def test_a_failure_tells_its_path_without_the_token():
    processed = drop_personal(
        None, "error", {"event": "api_failed", "path": "/api/v1/surveys/12.aB3dE5fG7hI9kL1mN3pQ5/"}
    )
    assert processed["path"] == "/api/v1/surveys/…/"


@pytest.mark.e2e
def test_each_line_of_a_request_is_json_with_the_requests_id_and_nothing_personal(stack):
    customer = stack.people["customer"]
    with httpx.Client(base_url=stack.url, cookies={"sessionid": stack.session(customer)}) as client:
        client.get("/tickets/", params={"q": "wordstyped"})
        client.get("/s/forged:token:abcdefgh/")
        client.get("/nowhere-at-all/")
        client.post("/accounts/login/", data={"login": customer, "password": "passwordtyped"})
    lines = [json.loads(line) for line in (stack.folder / "web.log").read_text().splitlines()]
    requests = [line for line in lines if not line["logger"].startswith(("_granian", "common.live"))]
    assert any(
        line.get("request") == "GET /nowhere-at-all/" and line["code"] == 404
        for line in requests
        if "code" in line
    )
    assert [line for line in requests if "request_id" not in line] == []
    for secret in (customer, "wordstyped", "passwordtyped", "forged:token", "python-httpx", "127.0.0.1"):
        assert not any(secret in json.dumps(line) for line in requests), secret
