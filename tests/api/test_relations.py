"""What a ticket is about and what it belongs to, over REST."""

import pytest

from tests.factories import NOON, make_ticket
from tickets.models import Ticket
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def ticket(desk):
    return make_ticket(desk.customer)


@pytest.fixture
def program(desk, api):
    return api(desk.engineer)


def test_a_ticket_is_put_right_on_the_version_that_was_read(program, ticket):
    address = f"/api/v1/tickets/{ticket.number}"
    done = program.patch(address, {"version": 1, "module": "tax", "subject": "申报表打不开"}, **JSON)
    assert (done.status_code, done.json()["module"], done.json()["version"]) == (200, "tax", 2)
    assert program.patch(address, {"version": 1, "module": None}, **JSON).status_code == 409
    wrong = program.patch(address, {"version": 2, "module": "nothing", "subject": " "}, **JSON)
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"module", "subject"})


def test_watchers_come_and_go(program, desk, ticket):
    address = f"/api/v1/tickets/{ticket.number}/watchers"
    added = program.post(address, {"watcher": desk.manager.pk}, **JSON).json()
    assert [one["name"] for one in added["results"]] == [desk.manager.name]
    assert program.post(address, {"watcher": desk.stranger.pk}, **JSON).status_code == 422
    assert program.post(address, {"watcher": 10**12}, **JSON).status_code == 422
    assert program.delete(f"{address}/{desk.manager.pk}").status_code == 204
    assert program.get(address).json() == {"results": []}


def test_links_come_and_go(program, desk, ticket):
    other = make_ticket(desk.stranger)
    address = f"/api/v1/tickets/{ticket.number}/links"
    made = program.post(address, {"other": other.number, "kind": "duplicate"}, **JSON)
    assert made.json() == {"ticket": ticket.number, "other": other.number, "kind": "duplicate"}
    assert program.post(address, {"other": other.number, "kind": "related"}, **JSON).status_code == 422
    assert program.post(address, {"other": ticket.number, "kind": "related"}, **JSON).status_code == 422
    assert len(program.get(address).json()["results"]) == 1
    assert program.delete(f"{address}/{other.number}").status_code == 204
    assert program.get(address).json() == {"results": []}


def test_a_part_is_split_off(program, desk, ticket):
    message = reply(ticket_id=ticket.pk, author=desk.customer, body="另外，怎么冲红？", at=NOON).message
    address = f"/api/v1/tickets/{ticket.number}/split"
    made = program.post(
        address, {"subject": "怎么冲红", "messages": [message.pk], "module": "reports"}, **JSON
    )
    assert (made.status_code, made.json()["description"]) == (201, "另外，怎么冲红？")
    assert Ticket.objects.count() == 2
    assert program.post(address, {"subject": "x", "messages": []}, **JSON).status_code == 422
