"""Tickets over REST."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from sla.base import load_targets
from tests.factories import NOON, act, make_ticket
from tickets.models import Message, Ticket
from tickets.services.replying import reply
from tickets.triage import Impact

TICKETS = "/api/v1/tickets"
JSON = {"content_type": "application/json"}
HOUR = timedelta(hours=1)
FIELDS = [
    "number", "subject", "description", "status", "tier", "tier_reason", "version", "requester",
    "organisation", "product", "module", "category", "team", "assignee", "clocks", "created_at",
    "first_responded_at", "resolved_at", "closed_at", "actions",
]  # fmt: skip
DRAFT = {
    "subject": "月结报表看不到",
    "description": "合并底稿打开是**空白**。",
    "product": "yonyou-nc-cloud",
    "module": "reports",
    "impact": {
        "production_down": "partial",
        "users_affected": "department",
        "deadline": "month_end",
        "workaround": "none",
    },
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def targets(desk):
    load_targets()

    load_targets()


def test_a_ticket_has_exactly_the_promised_fields(desk, api):
    answer = api(desk.customer).post(TICKETS, DRAFT, **JSON)
    assert answer.status_code == 201
    ticket = answer.json()
    assert list(ticket) == FIELDS
    assert ticket["tier"] == "urgent"
    assert ticket["status"] == "new"
    assert ticket["requester"] == {"id": desk.customer.pk, "name": "陈静"}
    assert ticket["organisation"] == "hengxin"
    assert (ticket["product"], ticket["module"], ticket["team"]) == ("yonyou-nc-cloud", "reports", "reports")
    assert (ticket["category"], ticket["assignee"], ticket["first_responded_at"]) == (None, None, None)
    assert ticket["created_at"] == "2026-03-04T04:00:00Z"
    assert ticket["actions"] == ["cancel"]
    assert api(desk.customer).get(f"{TICKETS}/{ticket['number']}").json() == ticket


def test_its_clocks_say_what_was_promised_and_a_running_one_past_due_is_broken(desk, api, noon):
    number = api(desk.customer).post(TICKETS, DRAFT, **JSON).json()["number"]
    clocks = api(desk.customer).get(f"{TICKETS}/{number}").json()["clocks"]
    assert [clock["metric"] for clock in clocks] == ["first_response", "resolution"]
    first = clocks[0]
    assert first == {
        "metric": "first_response",
        "cycle": 1,
        "state": "running",
        "started_at": "2026-03-04T04:00:00Z",
        "due_at": "2026-03-04T05:00:00Z",
        "stopped_at": None,
        "breached": False,
    }
    noon.move_to(NOON + HOUR)
    assert not api(desk.customer).get(f"{TICKETS}/{number}").json()["clocks"][0]["breached"]
    noon.move_to(NOON + HOUR + timedelta(microseconds=1))
    assert api(desk.customer).get(f"{TICKETS}/{number}").json()["clocks"][0]["breached"]


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN,zh;q=0.9", "月结"), ("en-GB", "The month-end close is blocked")]
)
def test_the_reason_for_the_tier_is_in_the_callers_language(desk, api, language, words):
    answer = api(desk.customer, **{"Accept-Language": language}).post(TICKETS, DRAFT, **JSON)
    assert words in answer.json()["tier_reason"]


def test_a_program_that_names_no_language_reads_its_accounts(desk, api):
    desk.customer.language = "en"
    desk.customer.save()
    for header in ({}, {"Accept-Language": "*"}, {"Accept-Language": "fr"}):
        answer = api(desk.customer, **header).post(TICKETS, {}, **JSON)
        assert answer.headers["Content-Language"] == "en"
        assert answer.json()["fields"]["subject"] == ["Say in one line what is wrong."]


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ({"production_down": True, "users_affected": 51, "deadline": None, "workaround": False},
         ("full", "organisation", "none", "none")),
        ({"production_down": False, "users_affected": 1, "deadline": False, "workaround": True},
         ("none", "one", "none", "yes")),
        ({"users_affected": 10}, ("none", "few", "none", "awkward")),
        ({"users_affected": 11}, ("none", "department", "none", "awkward")),
    ],
)  # fmt: skip
def test_a_program_may_give_a_plain_answer_instead_of_a_code(desk, api, said, stored):
    assert api(desk.customer).post(TICKETS, DRAFT | {"impact": said}, **JSON).status_code == 201
    ticket = Ticket.objects.get()
    given = (ticket.production_down, ticket.users_affected, ticket.deadline, ticket.workaround)
    assert given == stored


@pytest.mark.parametrize("wrong", [0, -1, True, 1.5, "many", [], {}])
def test_a_number_of_people_that_is_none_is_refused(desk, api, wrong):
    answer = api(desk.customer).post(TICKETS, DRAFT | {"impact": {"users_affected": wrong}}, **JSON)
    assert answer.status_code == 422


def test_the_impact_may_be_left_out(desk, api):
    said = {name: value for name, value in DRAFT.items() if name != "impact"}
    assert api(desk.customer).post(TICKETS, said, **JSON).json()["tier"] == "general"


def test_every_field_that_cannot_be_taken_says_why(desk, api):
    said = {
        "subject": "x" * 201,
        "product": "no-such",
        "module": 5,
        "impact": {"deadline": "tomorrow", "deadline_at": "9999-12-31T23:59:59-08:00"},
        "attachments": ["not-a-key"],
    }
    answer = api(desk.customer, **{"Accept-Language": "en"}).post(TICKETS, said, **JSON)
    assert answer.status_code == 422
    fields = answer.json()["fields"]
    assert set(fields) == {
        "subject", "description", "product", "module", "impact.deadline", "impact.deadline_at", "attachments.0",
    }  # fmt: skip
    assert all(len(texts) == 1 for texts in fields.values())
    assert fields["impact.deadline"] == ["Choose one of: month_end, tax_filing, external_report, none."]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("field", ["product", "module", "category"])
def test_a_code_with_a_nul_in_it_is_no_code(desk, api, field):
    answer = api(desk.customer).post(TICKETS, {**DRAFT, field: "gl\0"}, **JSON)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_a_product_that_is_not_listed_and_an_unknown_module_go_to_the_default_team(desk, api):
    said = {"subject": "自研系统", "description": "打不开", "product": None}
    answer = api(desk.customer).post(TICKETS, said, **JSON)
    assert (answer.status_code, answer.json()["product"], answer.json()["team"]) == (201, None, "platform")


def test_staff_files_for_a_customer_and_a_customer_for_nobody_else(desk, api):
    filed = api(desk.engineer).post(TICKETS, {**DRAFT, "requester": desk.customer.pk}, **JSON)
    assert (filed.status_code, filed.json()["requester"]["name"]) == (201, "陈静")
    assert filed.json()["organisation"] == "hengxin"
    assert Ticket.objects.get().history.get(event="opened").actor == desk.engineer
    for pk in (desk.engineer2.pk, 10**17):
        answer = api(desk.engineer).post(TICKETS, {**DRAFT, "requester": pk}, **JSON)
        assert (answer.status_code, set(answer.json()["fields"])) == (422, {"requester"})
    for pk in (desk.colleague.pk, 10**17):
        assert api(desk.customer).post(TICKETS, {**DRAFT, "requester": pk}, **JSON).status_code == 403
    assert Ticket.objects.count() == 1


def test_a_product_out_of_use_is_none(desk, api):
    Product.objects.filter(code=DRAFT["product"]).update(is_active=False)
    assert set(api(desk.customer).post(TICKETS, DRAFT, **JSON).json()["fields"]) == {"product"}


def test_filing_too_much_is_stopped_and_says_when_to_try_again(desk, api, settings):
    settings.FILINGS_PER_HOUR = 1
    assert api(desk.customer).post(TICKETS, DRAFT, **JSON).status_code == 201
    answer = api(desk.customer).post(TICKETS, DRAFT, **JSON)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")


def test_a_stale_version_is_refused_with_the_present_ticket(desk, api):
    ticket = make_ticket(desk.customer)
    act(ticket, "take", desk.engineer)
    step = {"action": "wait_customer", "version": 1}
    answer = api(desk.engineer).post(f"{TICKETS}/{ticket.number}/transitions", step, **JSON)
    assert (answer.status_code, answer.json()["error"]) == (409, "stale_version")
    assert list(answer.json()["ticket"]) == FIELDS
    assert (answer.json()["ticket"]["version"], answer.json()["ticket"]["status"]) == (2, "in_progress")


def test_an_action_that_leads_nowhere_is_refused_with_those_that_do(desk, api):
    ticket = make_ticket(desk.customer)
    step = {"action": "resolve", "version": 1, "resolution": "好了"}
    answer = api(desk.engineer).post(f"{TICKETS}/{ticket.number}/transitions", step, **JSON)
    assert (answer.status_code, answer.json()["error"]) == (409, "action_not_possible")
    assert answer.json()["actions"] == ["take", "assign", "hand_over", "cancel", "merge", "set_tier"]
    step["action"] = "explode"
    assert api(desk.engineer).post(f"{TICKETS}/{ticket.number}/transitions", step, **JSON).json()[
        "actions"
    ] == ["take", "assign", "hand_over", "cancel", "merge", "set_tier"]


def test_assigning_takes_a_persons_id_and_handing_over_a_teams_code(desk, api):
    number = make_ticket(desk.customer).number
    url = f"{TICKETS}/{number}/transitions"
    taken = (
        api(desk.manager)
        .post(url, {"action": "assign", "version": 1, "assignee": desk.engineer.pk}, **JSON)
        .json()
    )
    assert taken["assignee"] == {"id": desk.engineer.pk, "name": "周航", "email": "engineer@test.example"}
    moved = api(desk.engineer).post(url, {"action": "hand_over", "version": 2, "team": "platform"}, **JSON)
    assert (moved.status_code, moved.json()["team"], moved.json()["assignee"]) == (200, "platform", None)
    assert api(desk.engineer).get(f"{TICKETS}/{number}").status_code == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"action": "assign", "assignee": 10**17}, "assignee"),
        ({"action": "assign"}, "assignee"),
        ({"action": "hand_over", "team": "no-such"}, "team"),
        ({"action": "set_tier", "tier": "tomorrow"}, "tier"),
        ({"action": "take", "version": None}, "version"),
    ],
)
def test_an_action_says_what_it_lacks(desk, api, more, field):
    ticket = make_ticket(desk.customer)
    answer = api(desk.engineer).post(f"{TICKETS}/{ticket.number}/transitions", {"version": 1, **more}, **JSON)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {field})


def test_a_customer_cannot_find_out_who_works_here_by_assigning(desk, api):
    ticket = make_ticket(desk.customer)
    url = f"{TICKETS}/{ticket.number}/transitions"
    answers = [
        api(desk.customer).post(url, {"action": "assign", "version": 1, "assignee": pk}, **JSON)
        for pk in (desk.engineer.pk, 10**17)
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()


def test_a_reply_is_answered_with_the_message(desk, api):
    ticket = make_ticket(desk.customer)
    url = f"{TICKETS}/{ticket.number}/replies"
    answer = api(desk.engineer).post(url, {"body": "请重试"}, **JSON)
    assert answer.status_code == 201
    assert answer.json()["ticket"] == ticket.number
    assert answer.json()["follow_up"] is False
    message = answer.json()["message"]
    assert (message["body"], message["public"], message["by_staff"], message["channel"]) == (
        "请重试", True, True, "api",
    )  # fmt: skip
    assert api(desk.customer).get(f"{TICKETS}/{ticket.number}").json()["first_responded_at"]


def test_a_reply_long_after_the_end_is_answered_with_the_follow_ups_number(desk, api, noon):
    ticket = act(make_ticket(desk.customer), "cancel", desk.customer)
    answer = api(desk.customer).post(f"{TICKETS}/{ticket.number}/replies", {"body": "又来了"}, **JSON)
    follow_up = Ticket.objects.get(follow_up_of=ticket)
    assert answer.json() == {"ticket": follow_up.number, "follow_up": True, "message": None}


def test_a_customer_writes_no_notes_and_reads_none(desk, api):
    ticket = make_ticket(desk.customer)
    base = f"{TICKETS}/{ticket.number}"
    assert (
        api(desk.customer).post(f"{base}/replies", {"body": "内部", "public": False}, **JSON).status_code
        == 403
    )
    reply(ticket_id=ticket.pk, author=desk.engineer, body="客户很急，先稳住", at=NOON, public=False)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="请重试", at=NOON)
    seen = api(desk.customer).get(f"{base}/messages").json()["results"]
    assert [message["body"] for message in seen] == ["请重试"]
    assert "email" not in seen[0]["author"]
    assert len(api(desk.engineer).get(f"{base}/messages").json()["results"]) == 2
    events = [row["event"] for row in api(desk.customer).get(f"{base}/history").json()["results"]]
    assert events == ["opened", "replied"]
    assert Message.objects.count() == 2


def test_history_is_codes_and_data_and_colleagues_notes_stay_among_them(desk, api):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "hand_over", desk.engineer, team=desk.engineer2.teams.get(), note="客户脾气大")
    base = f"{TICKETS}/{ticket.number}"
    inside = api(desk.engineer2).get(f"{base}/history").json()["results"]
    handed = next(row for row in inside if row["field"] == "team")
    assert (handed["old"], handed["new"], handed["data"]) == ("reports", "platform", {"note": "客户脾气大"})
    assert handed["actor"]["id"] == desk.engineer.pk
    assert inside[0]["data"]["team"] == "reports"
    outside = api(desk.customer).get(f"{base}/history")
    assert "脾气" not in outside.text
    assert [row["event"] for row in outside.json()["results"]] == [row["event"] for row in inside]


def test_the_board_has_its_columns_in_order_with_counts_and_cards(desk, api):
    make_ticket(desk.customer)
    act(make_ticket(desk.customer), "take", desk.engineer)
    make_ticket(desk.customer, module="platform")
    columns = api(desk.engineer).get("/api/v1/board").json()["columns"]
    assert [(column["status"], column["count"]) for column in columns] == [
        ("new", 1), ("assigned", 0), ("in_progress", 1),
        ("waiting_customer", 0), ("waiting_vendor", 0), ("resolved", 0),
    ]  # fmt: skip
    card = columns[0]["cards"][0]
    assert list(card) == [name for name in FIELDS if name != "description"]
    assert api(desk.engineer).get("/api/v1/board", {"assignee": "none"}).json()["columns"][2]["count"] == 0


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, 3),
        ({"status": "new"}, 2),
        ({"status": "new,in_progress"}, 3),
        ({"status": "open"}, 3),
        ({"tier": "urgent"}, 1),
        ({"assignee": "none"}, 2),
        ({"assignee": "me"}, 0),
        ({"team": "platform"}, 1),
        ({"product": "yonyou-u8"}, 0),
        ({"organisation": "boyuan"}, 1),
        ({"q": "凭证"}, 1),
        ({"q": "凭证", "team": "platform"}, 0),
    ],
)
def test_lists_are_filtered(desk, api, params, found):
    act(make_ticket(desk.customer, subject="凭证生成失败"), "take", desk.engineer)
    make_ticket(desk.customer, module="platform", impact=Impact(production_down="full"))
    make_ticket(desk.stranger)
    assert len(api(desk.admin).get(TICKETS, params).json()["results"]) == found


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"status": "tomorrow"}, "status"),
        ({"tier": "x"}, "tier"),
        ({"assignee": "-1"}, "assignee"),
        ({"cursor": "!"}, "cursor"),
        ({"cursor": "LTE"}, "cursor"),
        ({"cursor": "x" * 5000}, "cursor"),
        ({"cursor": "二"}, "cursor"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(desk, api, params, field):
    answer = api(desk.engineer).get(TICKETS, params)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {field})


def test_a_search_never_finds_a_customer_what_is_in_notes(desk, api):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="疑似数据库死锁", at=NOON, public=False)
    assert api(desk.customer).get(TICKETS, {"q": "死锁"}).json()["results"] == []


def _queries(program, url) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert program.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    ("who", "url"),
    [
        ("customer", TICKETS),
        ("colleague", TICKETS),
        ("engineer", TICKETS),
        ("admin", TICKETS),
        ("engineer", "/api/v1/board"),
        ("manager", "/api/v1/board"),
    ],
)
def test_a_list_takes_as_many_queries_for_twenty_rows_as_for_one(desk, api, who, url, settings):
    program = api(getattr(desk, who))
    act(make_ticket(desk.customer), "take", desk.engineer)
    program.get(url)
    one = _queries(program, url)
    for number in range(19):
        act(make_ticket(desk.customer if number % 2 else desk.colleague), "take", desk.engineer)
    assert _queries(program, url) == one
    assert one <= 9


def test_a_ticket_takes_as_many_queries_however_long_its_story(desk, api):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="1", at=NOON)
    program = api(desk.engineer)
    urls = [f"{TICKETS}/{ticket.number}{rest}" for rest in ("", "/messages", "/history", "/attachments")]
    before = [_queries(program, url) for url in urls]
    for number in range(10):
        author = (desk.engineer, desk.customer, desk.manager)[number % 3]
        reply(ticket_id=ticket.pk, author=author, body="再看", at=NOON + number * HOUR)
    assert [_queries(program, url) for url in urls] == before
