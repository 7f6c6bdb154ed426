"""Every endpoint × every caller: one customer's ticket in one team, seen by everybody there is."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import Leave
from api.docs import described
from common import clock
from tests.api.test_tickets import DRAFT
from tests.factories import make_ticket

JSON = {"content_type": "application/json"}
CALLERS = ("anonymous", "customer", "colleague", "stranger", "engineer", "engineer2", "manager", "admin")
# In the order of CALLERS. The ticket is the customer's, in a team of `engineer`, led by `manager`.
EVERYBODY = (401, 200, 200, 200, 200, 200, 200, 200)
THOSE_WHO_SEE_IT = (401, 200, 200, 404, 200, 404, 200, 200)
WHO_WORK_ON_IT = (401, 403, 403, 404, 200, 404, 200, 200)
STAFF = (401, 403, 403, 403, 200, 200, 200, 200)
MANAGERS = (401, 403, 403, 403, 403, 403, 200, 200)
EXPECTED = {
    ("get", "/tickets"): EVERYBODY,
    ("post", "/tickets"): (401, 201, 201, 201, 201, 201, 201, 201),
    ("post", "/tickets/next"): (401, 403, 403, 403, 200, 204, 200, 204),
    ("get", "/tickets/{number}"): THOSE_WHO_SEE_IT,
    ("get", "/tickets/{number}/messages"): THOSE_WHO_SEE_IT,
    ("get", "/tickets/{number}/history"): THOSE_WHO_SEE_IT,
    ("get", "/tickets/{number}/attachments"): THOSE_WHO_SEE_IT,
    ("get", "/tickets/{number}/clocks/{metric}/{cycle}/explanation"): THOSE_WHO_SEE_IT,
    ("get", "/tickets/{number}/canned-replies"): (401, 403, 403, 404, 200, 404, 200, 200),
    ("get", "/canned-replies"): STAFF,
    ("post", "/tickets/{number}/replies"): (401, 201, 201, 404, 201, 404, 201, 201),
    ("post", "/tickets/{number}/replies note"): (401, 403, 403, 404, 201, 404, 201, 201),
    ("post", "/tickets/{number}/transitions"): (401, 403, 403, 404, 200, 404, 200, 200),
    ("post", "/tickets/{number}/transitions cancel"): (401, 200, 200, 404, 200, 404, 200, 200),
    ("post", "/tickets/{number}/calls"): (401, 403, 403, 404, 201, 404, 201, 201),
    ("post", "/tickets/{number}/organisation"): (401, 403, 403, 404, 403, 404, 200, 200),
    ("patch", "/tickets/{number}"): WHO_WORK_ON_IT,
    ("get", "/tickets/{number}/watchers"): WHO_WORK_ON_IT,
    ("post", "/tickets/{number}/watchers"): WHO_WORK_ON_IT,
    ("delete", "/tickets/{number}/watchers/{watcher}"): (401, 403, 403, 404, 404, 404, 404, 404),
    ("get", "/tickets/{number}/links"): WHO_WORK_ON_IT,
    ("post", "/tickets/{number}/links"): (401, 403, 403, 404, 422, 404, 422, 422),
    ("delete", "/tickets/{number}/links/{other}"): (401, 403, 403, 404, 404, 404, 404, 404),
    ("post", "/tickets/{number}/split"): (401, 403, 403, 404, 422, 404, 422, 422),
    ("get", "/board"): (401, 403, 403, 403, 200, 200, 200, 200),
    ("get", "/board/{status}"): (401, 403, 403, 403, 200, 200, 200, 200),
    ("post", "/uploads"): (401, 422, 422, 422, 422, 422, 422, 422),
    ("get", "/attachments/{key}"): (401, 404, 404, 404, 404, 404, 404, 404),
    ("get", "/windows"): (401, 403, 403, 403, 403, 403, 200, 200),
    ("get", "/teams"): STAFF,
    ("post", "/leaves"): (401, 403, 403, 403, 201, 422, 201, 201),
    ("delete", "/leaves/{leave}"): (401, 403, 403, 403, 204, 404, 204, 204),
    ("get", "/figures"): (401, 403, 403, 403, 403, 403, 200, 200),
    ("get", "/statements/{organisation}/{month}"): (401, 404, 200, 404, 404, 404, 200, 200),
    ("get", "/calendars"): STAFF,
    ("get", "/calendars/{code}"): STAFF,
    ("get", "/calendars/{code}/days"): STAFF,
    ("put", "/calendars/{code}"): (401, 403, 403, 403, 403, 403, 200, 200),
    ("get", "/policies"): MANAGERS,
    ("post", "/policies"): (401, 403, 403, 403, 403, 403, 201, 201),
    ("get", "/policies/{policy}"): MANAGERS,
    ("put", "/policies/{policy}"): MANAGERS,
    ("get", "/policies/{policy}/preview"): MANAGERS,
    ("get", "/recalculations"): MANAGERS,
    ("get", "/notifications"): EVERYBODY,
    ("post", "/notifications/read"): EVERYBODY,
    ("get", "/notifications/preferences"): EVERYBODY,
    ("put", "/notifications/preferences"): EVERYBODY,
    ("get", "/handbook/articles"): EVERYBODY,
    ("get", "/handbook/articles/{key}"): (401, 404, 404, 404, 404, 404, 404, 404),
    ("get", "/handbook/terms"): STAFF,
    ("post", "/auth/token"): (422,) * 8,
    ("delete", "/auth/token"): (401, 204, 204, 204, 204, 204, 204, 204),
    ("get", "/surveys/{token}"): (200,) * 8,
    ("post", "/surveys/{token}"): (201,) * 8,
}
BODIES = {
    "/tickets": DRAFT,
    "/tickets/{number}/replies": {"body": "请看"},
    "/tickets/{number}/replies note": {"body": "请看", "public": False},
    "/tickets/{number}/transitions": {"action": "take", "version": 1},
    "/tickets/{number}/transitions cancel": {"action": "cancel", "version": 1},
    "/tickets/{number}/calls": {"body": "电话里说明了步骤"},
    "/tickets/{number}/organisation": {"organisation": "boyuan", "version": 1},
    "/tickets/{number}": {"version": 1, "module": "tax"},
    "/tickets/{number}/links": {"other": "LD-1", "kind": "related"},
    "/tickets/{number}/split": {"subject": "另一件事", "messages": []},
    "/calendars/{code}": {
        "name_zh": "全天候",
        "name_en": "Always",
        "time_zone": "Asia/Shanghai",
        "uses_statutory_days": False,
        "week": [[{"start": "00:00", "end": "24:00"}]] * 7,
    },
    "/policies": {"code": "new", "name_zh": "新", "name_en": "New", "calendar": "always", "targets": []},
    "/policies/{policy}": {
        "name_zh": "标准",
        "name_en": "Standard",
        "calendar": "always",
        "targets": [{"metric": "resolution", "tier": "urgent", "within": 3600}],
    },
    "/notifications/read": {"all": True},
    "/leaves": {"starts_at": "2099-03-01T09:00:00Z", "ends_at": "2099-03-02T09:00:00Z"},
    "/surveys/{token}": {"solved": "yes"},
}


# What hangs on the desk's own people.
CHOSEN = {
    "/tickets/{number}/watchers": lambda desk: {"watcher": desk.admin.pk},
    "/leaves": lambda desk: {"person": desk.engineer.pk},
}


def make_leave(person) -> Leave:
    """From now on for a day."""
    at = clock.now()
    return Leave.objects.create(user=person, starts_at=at, ends_at=at + timedelta(days=1), updated_at=at)


@pytest.mark.parametrize(("method", "path"), EXPECTED, ids=str)
def test_it_answers_each_caller_as_the_table_says(desk, api, survey_token, method, path):
    url = path.partition(" ")[0]
    url = url.format(
        token=survey_token,
        number=make_ticket(desk.customer).number,
        key=uuid.uuid4(),
        code="always",
        status="in_progress",
        metric="resolution",
        cycle=1,
        policy="standard",
        watcher=desk.engineer2.pk,
        other="LD-1",
        leave=make_leave(desk.engineer).pk,
        organisation="hengxin",
        month="2026-03",
    )
    more = JSON if method in {"post", "put", "patch"} and path != "/uploads" else {}
    found = []
    for who in CALLERS:
        # What one of them does is undone before the next comes.
        before = transaction.savepoint()
        program = api(None if who == "anonymous" else getattr(desk, who))
        answer = getattr(program, method)(
            f"/api/v1{url}", BODIES.get(path, {}) | CHOSEN.get(path, lambda _desk: {})(desk), **more
        )
        found.append(answer.status_code)
        transaction.savepoint_rollback(before)
    assert dict(zip(CALLERS, found, strict=True)) == dict(zip(CALLERS, EXPECTED[method, path], strict=True))


def test_the_table_leaves_no_endpoint_out(db):
    served = {
        (method, path.removeprefix("/api/v1"))
        for path, methods in described("zh-hans")["paths"].items()
        for method in methods
    }
    listed = {(method, path.partition(" ")[0]) for method, path in EXPECTED}
    assert served == listed


def test_lists_hold_no_more_than_each_caller_may_see(desk, api):
    for requester in (desk.customer, desk.colleague, desk.stranger):
        make_ticket(requester)
        make_ticket(requester, module="platform")
    counts = {
        who: len(api(getattr(desk, who)).get("/api/v1/tickets").json()["results"]) for who in CALLERS[1:]
    }
    assert counts == {
        "customer": 2, "colleague": 4, "stranger": 2, "engineer": 3, "engineer2": 3, "manager": 6, "admin": 6,
    }  # fmt: skip
