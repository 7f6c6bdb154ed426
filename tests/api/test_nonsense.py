"""Whatever is sent, nothing breaks: a refusal in the common shape at worst."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.test_tickets import DRAFT
from tests.factories import make_ticket
from tickets.workflow import ACTIONS

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(
        ["", " ", "\x00", "a\x00b", "\ud800", "\u202e", "９", "-1", "1e9", "9" * 400, 2**63, -(2**70)]
    ),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def said(**usual: object) -> st.SearchStrategy:
    """A body whose members are mostly as they should be, so that what is wrong gets past the others."""
    members = {name: st.just(value) | st.just(value) | ANYTHING for name, value in usual.items()}
    return (
        st.fixed_dictionaries({}, optional={**members, "unknown": ANYTHING})
        | ANYTHING
        | st.fixed_dictionaries(members)
    )


IMPACT = said(
    production_down="partial", users_affected="few", deadline="tax_filing", deadline_at="0001-01-01T00:00:00",
    workaround="none",
)  # fmt: skip
BODIES = {
    "/tickets": st.tuples(
        said(**DRAFT, category="how-to", edition="x", product_version="6.5", attachments=[], requester=1), IMPACT
    ).map(lambda pair: {**pair[0], "impact": pair[1]} if isinstance(pair[0], dict) else pair[0]),
    "/tickets/{number}/replies": said(body="请看", public=False, attachments=[]),
    "/tickets/{number}/transitions": st.sampled_from(sorted(ACTIONS)).flatmap(
        lambda action: said(
            action=action, version=1, assignee=1, team="platform", tier="urgent", resolution="x", reason="x", note="x",
            into="LD-1",
        )
    ),
    "/tickets/{number}/calls": said(body="请看", at="2026-03-04T04:00:00Z"),
    "/tickets/{number}/organisation": said(organisation="boyuan", version=1),
    "/notifications/preferences": st.fixed_dictionaries(
        {}, optional={
            "groups": said(note={"app": False}, warning={"email": "x"}),
            "quiet": said(start="22:00", end="07:00", days=[1]),
        }
    ) | ANYTHING,
    "/auth/token": said(email="nobody@test.example", password="x"),
    "/notifications/read": said(ids=[1], all=True),
    "/surveys/{token}": said(solved="no", satisfaction=5, recommend=0, comment="x"),
    "/uploads": said(file="x"),
}  # fmt: skip
TRIED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def assert_answered(answer) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert {"error", "message", "fields"} <= set(answer.json())
        assert answer.json()["message"]
        assert (answer.status_code == 422) == bool(answer.json()["fields"])


@pytest.mark.parametrize("path", BODIES)
def test_no_body_brings_an_endpoint_down(desk, api, survey_token, path, settings):
    settings.FILINGS_PER_HOUR = settings.REPLIES_PER_HOUR = 10**6
    settings.ACCOUNT_RATE_LIMITS = {}
    program = api(desk.manager if path.endswith("organisation") else desk.engineer)
    send_by = program.put if path.endswith("preferences") else program.post
    address = "/api/v1" + path.format(number=make_ticket(desk.customer).number, token=survey_token)

    @TRIED
    @given(BODIES[path])
    def send(body):
        assert_answered(send_by(address, json.dumps(body), content_type="application/json"))

    send()


@pytest.mark.parametrize("code", ["\x00", "\ud800", "gl\udfff"])
def test_a_code_that_is_no_text_is_a_code_of_nothing(desk, api, code):
    body = json.dumps({**DRAFT, "product": code})
    answer = api(desk.customer).post("/api/v1/tickets", body, content_type="application/json")
    assert list(answer.json()["fields"]) == ["product"]
    assert_answered(answer)


@pytest.mark.parametrize(
    "path", ["/tickets", "/board", "/board/new", "/notifications", "/figures", "/windows"]
)
def test_no_parameter_brings_an_endpoint_down(desk, api, path):
    program = api(desk.admin)
    make_ticket(desk.customer)
    names = (
        "status",
        "tier",
        "assignee",
        "team",
        "product",
        "organisation",
        "q",
        "cursor",
        "per_column",
        "from",
        "to",
        "tz",
        "period",
    )
    values = st.text(max_size=40) | st.sampled_from(
        [
            "LD-1",
            "9" * 30,
            "2026-02-30",
            "9999-12-31",
            "0001-01-01",
            "Asia/../x",
            "a & b | !c",
            "'\\",
            "open,",
            "🀄",
        ]
    )

    @TRIED
    @given(st.dictionaries(st.sampled_from(names), values, max_size=4))
    def ask(params):
        assert_answered(program.get(f"/api/v1{path}", params))

    ask()


@pytest.mark.parametrize("name", ["Accept-Language", "Idempotency-Key", "Accept", "Authorization"])
def test_no_header_brings_an_endpoint_down(desk, api, name):
    program = api(desk.customer)

    @TRIED
    @given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
    def ask(value):
        answer = program.post("/api/v1/tickets", {}, content_type="application/json", headers={name: value})
        assert_answered(answer)

    ask()
