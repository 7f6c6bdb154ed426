"""A POST that carries a key happens once."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from api.docs import described
from api.idempotency import KEPT_FOR, drop_old
from api.models import IdempotentAnswer
from common import clock
from tests.api.test_tickets import DRAFT
from tests.factories import make_desk, make_ticket
from tickets.models import Attachment, Message, Ticket

TICKETS = "/api/v1/tickets"
JSON = {"content_type": "application/json"}


def keyed(key: str) -> dict[str, object]:
    return {"headers": {"Idempotency-Key": key}, **JSON}


def test_a_retry_is_given_the_first_answer_and_changes_nothing(desk, api):
    program = api(desk.customer)
    first = program.post(TICKETS, DRAFT, **keyed("a"))
    again = program.post(TICKETS, DRAFT, **keyed("a"))
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Ticket.objects.count() == 1


def test_without_a_key_or_with_another_it_happens_again(desk, api):
    program = api(desk.customer)
    for more in (keyed("a"), keyed("b"), JSON):
        assert program.post(TICKETS, DRAFT, **more).status_code == 201
    assert Ticket.objects.count() == 3


def test_the_order_of_the_members_is_not_another_request(desk, api):
    program = api(desk.customer)
    program.post(TICKETS, DRAFT, **keyed("a"))
    assert program.post(TICKETS, dict(reversed(DRAFT.items())), **keyed("a")).status_code == 201
    assert Ticket.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(desk, api):
    program = api(desk.customer)
    number = program.post(TICKETS, DRAFT, **keyed("a")).json()["number"]
    for url, said in ((TICKETS, {**DRAFT, "subject": "别的"}), (f"{TICKETS}/{number}/replies", DRAFT)):
        answer = program.post(url, said, **keyed("a"))
        assert (answer.status_code, set(answer.json()["fields"])) == (422, {"Idempotency-Key"})
    assert Ticket.objects.count() == 1


def test_keys_are_each_callers_own(desk, api):
    assert api(desk.customer).post(TICKETS, DRAFT, **keyed("a")).status_code == 201
    answer = api(desk.stranger).post(TICKETS, DRAFT, **keyed("a"))
    assert answer.json()["requester"]["name"] == "何雨"


@pytest.mark.parametrize("key", ["", "x" * 121, "é", "a\tb"])
def test_a_key_that_is_none_is_refused(desk, api, key):
    answer = api(desk.customer).post(TICKETS, DRAFT, **keyed(key))
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {"Idempotency-Key"})


def test_a_refusal_is_an_answer_too(desk, api):
    ticket = make_ticket(desk.customer)
    url = f"{TICKETS}/{ticket.number}/transitions"
    step = {"action": "take", "version": 1}
    program = api(desk.engineer)
    refused = program.post(url, {**step, "version": 7}, **keyed("a"))
    again = program.post(url, {**step, "version": 7}, **keyed("a"))
    assert refused.status_code == again.status_code == 409
    assert refused.json() == again.json()
    taken = program.post(url, step, **keyed("b"))
    assert program.post(url, step, **keyed("b")).json() == taken.json()
    assert Ticket.objects.get().version == 2


def test_a_limit_is_not_kept_so_that_waiting_helps(desk, api, settings):
    settings.FILINGS_PER_HOUR = 0
    program = api(desk.customer)
    assert program.post(TICKETS, DRAFT, **keyed("a")).status_code == 429
    settings.FILINGS_PER_HOUR = 5
    assert program.post(TICKETS, DRAFT, **keyed("a")).status_code == 201


def test_a_failure_is_not_kept_and_leaves_nothing(desk, api):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_historyentry RENAME TO gone")
    program = api(desk.customer)
    assert program.post(TICKETS, DRAFT, **keyed("a")).status_code == 500
    assert not IdempotentAnswer.objects.exists()
    assert not Ticket.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gone RENAME TO tickets_historyentry")
    assert program.post(TICKETS, DRAFT, **keyed("a")).status_code == 201


def test_an_upload_counts_by_its_content_whatever_surrounds_it(desk, api):
    program = api(desk.customer)

    def send(content: bytes):
        file = SimpleUploadedFile("log.txt", content)
        return program.post("/api/v1/uploads", {"file": file}, headers={"Idempotency-Key": "a"})

    assert send(b"ORA-00060").json() == send(b"ORA-00060").json()
    assert send(b"ORA-01555").status_code == 422
    assert Attachment.objects.get().file.read() == b"ORA-00060"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_waits_and_gets_the_firsts_answer(api):
    desk = make_desk()
    ticket = make_ticket(desk.customer)
    start, answers = threading.Barrier(4), []

    def send() -> None:
        program = api(desk.customer)
        start.wait()
        answers.append(program.post(f"{TICKETS}/{ticket.number}/replies", {"body": "一次"}, **keyed("a")))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.count() == 1
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 3


def test_old_answers_are_forgotten(desk, api):
    api(desk.customer).post(TICKETS, DRAFT, **keyed("a"))
    at = clock.now()
    assert drop_old(at=at + KEPT_FOR - timedelta(minutes=1)) == 0
    assert drop_old(at=at + KEPT_FOR + timedelta(minutes=1)) == 1


def test_every_post_but_signing_in_takes_a_key(db):
    """A token is stored as its digest alone: no answer with one is kept."""
    keyless = {
        path
        for path, methods in described("zh-hans")["paths"].items()
        if "post" in methods
        and not any(p["name"] == "Idempotency-Key" for p in methods["post"].get("parameters", []))
    }
    assert keyless == {"/api/v1/auth/token"}
