"""Notices over REST."""

import pytest

from notifications.models import Notification
from tests.factories import NOON, act, make_ticket
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
URL, READ = "/api/v1/notifications", "/api/v1/notifications/read"
JSON = {"content_type": "application/json"}


def test_a_caller_reads_what_they_were_told(desk, api):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON)
    body = api(desk.customer, **{"Accept-Language": "en"}).get(URL).json()
    [notice] = body["results"]
    assert body["next"] is None
    assert notice == {
        "id": Notification.objects.get(user=desk.customer).pk,
        "kind": "staff_replied",
        "text": "周航 answered you",
        "ticket": ticket.number,
        "subject": ticket.subject,
        "data": {},
        "created_at": "2026-03-04T04:00:00Z",
        "read_at": None,
    }


def test_of_a_ticket_out_of_sight_nothing_is_told(desk, api):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    act(ticket, "reject", desk.customer, reason="还是空白")
    program = api(desk.engineer)
    assert program.get(URL).json()["results"][0]["data"] == {"reason": "还是空白"}
    desk.engineer.memberships.all().delete()
    for notice in program.get(URL).json()["results"]:
        assert (notice["ticket"], notice["subject"], notice["data"]) == (None, None, {})


def test_pages_follow_one_another(desk, api):
    ticket = make_ticket(desk.customer)
    Notification.objects.all().delete()
    Notification.objects.bulk_create(
        Notification(user=desk.engineer, kind="ticket_opened", key=str(n), ticket=ticket, created_at=NOON)
        for n in range(120)
    )
    program, address, ids = api(desk.engineer), URL, []
    while address:
        body = program.get(address).json()
        ids += [notice["id"] for notice in body["results"]]
        address = body["next"]
    assert len(ids) == len(set(ids)) == 120
    assert ids == sorted(ids, reverse=True)
    assert program.get(URL, {"cursor": "nonsense!"}).status_code == 422


def test_some_or_all_are_marked_and_never_those_of_others(desk, api):
    make_ticket(desk.customer)
    make_ticket(desk.customer)
    first, _second = Notification.objects.filter(user=desk.engineer).order_by("pk")
    others = Notification.objects.get(user=desk.manager, ticket=first.ticket)
    program = api(desk.engineer)
    body = {"ids": [first.pk, others.pk, 10**15]}
    assert program.post(READ, body, **JSON).json() == {"marked": 1}
    assert program.post(READ, body, **JSON).json() == {"marked": 0}
    assert program.post(READ, {"all": True}, **JSON).json() == {"marked": 1}
    others.refresh_from_db()
    assert others.read_at is None


@pytest.mark.parametrize(
    "body", [{}, {"ids": [1], "all": True}, {"ids": ["x"]}, {"ids": [10**30]}, {"ids": 1}]
)
def test_what_cannot_be_meant_is_refused(desk, api, body):
    answer = api(desk.engineer).post(READ, body, **JSON)
    assert answer.status_code == 422
    assert answer.json()["fields"]


def test_nobody_is_let_in_without_signing_in(desk, api):
    assert api(None).get(URL).status_code == 401
    assert api(None).post(READ, {"all": True}, **JSON).status_code == 401
