"""Merging a ticket into another one about the same thing."""

import re
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import translation

from common.errors import DeskError, InvalidInput, NotAllowed
from sla.base import load_targets
from sla.models import Clock
from tests.factories import NOON, act, make_desk, make_ticket, make_user
from tickets.models import Message, Ticket
from tickets.services.errors import ActionNotPossible, StaleVersion
from tickets.services.merging import merge
from tickets.services.replying import reply
from tickets.services.transition import Inputs, transition

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    with time_machine.travel(NOON + HOUR, tick=False), translation.override("en"):
        load_targets()
        desk = make_desk()
        for person in desk.people().values():
            person.language = "en"
            person.save()
        yield desk


@pytest.fixture
def pair(desk):
    """Two tickets of one customer: the first is merged into the second."""
    return make_ticket(desk.customer), make_ticket(desk.customer)


def put(source, into, actor, **more) -> Ticket:
    return merge(source_id=source.pk, into_id=into.pk, actor=actor, at=NOON + HOUR, **more)


def refusal(source, into, actor) -> str:
    with pytest.raises(InvalidInput) as refused:
        put(source, into, actor)
    assert set(refused.value.fields) == {"into"}
    return refused.value.message


# --- what it does ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("resolved", [False, True])
def test_the_merged_ticket_ends_and_says_where_it_goes_on(desk, pair, resolved):
    source, into = pair
    if resolved:
        act(act(source, "take", desk.engineer), "resolve", desk.engineer, resolution="好了")
    merged = put(source, into, desk.engineer)
    assert (merged.status, merged.merged_into, merged.closed_at) == ("merged", into, NOON + HOUR)


def test_its_clocks_stop_and_those_of_the_other_run_on(desk, pair):
    source, into = pair
    put(source, into, desk.engineer)
    assert set(Clock.objects.filter(ticket=source).values_list("state", flat=True)) == {"cancelled"}
    assert set(Clock.objects.filter(ticket=into).values_list("state", flat=True)) == {"running"}
    source.refresh_from_db()
    assert source.next_due_at is None


def test_both_histories_say_so(desk, pair):
    source, into = pair
    put(source, into, desk.engineer)
    rows = source.history.filter(event="merge").values_list("field", "old", "new", "is_public")
    assert list(rows) == [("merged_into", None, into.pk, True), ("status", "new", "merged", True)]
    row = into.history.get(event="took_in")
    assert (row.field, row.new, row.actor) == ("merged", source.pk, desk.engineer)


# --- what is refused ------------------------------------------------------------------------------------


def test_only_agents_of_the_ticket_merge(desk, pair):
    with pytest.raises(NotAllowed):
        put(*pair, desk.customer)


def test_a_stale_version_is_refused(desk, pair):
    with pytest.raises(StaleVersion):
        put(*pair, desk.engineer, version=7)


def test_never_into_itself(desk, pair):
    assert "into itself" in refusal(pair[0], pair[0], desk.engineer)


@pytest.mark.parametrize("end", ["merged", "cancelled"])
def test_never_into_one_that_has_ended_that_way(desk, pair, end):
    source, into = pair
    if end == "merged":
        put(into, make_ticket(desk.customer), desk.engineer)
    else:
        act(into, "cancel", desk.engineer)
    assert "nothing goes on there" in refusal(source, into, desk.engineer)


def test_never_in_a_ring(desk, pair):
    first, second = pair
    third = make_ticket(desk.customer)
    put(first, second, desk.engineer)
    put(second, third, desk.engineer)
    assert "nothing goes on there" in refusal(third, first, desk.engineer)


def test_a_ticket_that_has_ended_is_not_merged(desk, pair):
    source, into = pair
    act(source, "cancel", desk.engineer)
    with pytest.raises(ActionNotPossible):
        put(source, into, desk.engineer)


def test_never_into_another_customers(desk, pair):
    alone, other = (make_user(f"{name}@test.example") for name in ("alone", "other"))
    for source, into in [
        (pair[0], make_ticket(desk.stranger)),
        (pair[0], make_ticket(alone)),
        (make_ticket(alone), make_ticket(other)),
    ]:
        assert "another customer" in refusal(source, into, desk.engineer)
    assert put(make_ticket(alone), make_ticket(alone), desk.engineer).status == "merged"


def test_a_ticket_that_is_not_theirs_to_see_is_as_one_that_is_not_there(desk, pair):
    hidden = make_ticket(desk.customer, module="platform")
    assert refusal(pair[0], hidden, desk.engineer) == "There is no such ticket."
    inputs = Inputs(into=hidden)
    with pytest.raises(InvalidInput, match=r"There is no such ticket\."):
        transition(ticket_id=pair[0].pk, action="merge", actor=desk.engineer, at=NOON, inputs=inputs)


def test_the_desk_itself_merges_nothing(desk, pair):
    with pytest.raises(NotAllowed):
        transition(ticket_id=pair[0].pk, action="merge", actor=None, at=NOON, inputs=Inputs(into=pair[1]))


# --- what is written on it afterwards -------------------------------------------------------------------


def test_the_customers_words_follow_it_to_the_end_of_its_way(desk, pair):
    first, second = pair
    third = act(act(make_ticket(desk.customer), "take", desk.engineer), "wait_customer", desk.engineer)
    put(first, second, desk.engineer)
    put(second, third, desk.engineer)
    key = uuid4()
    sent = {"ticket_id": first.pk, "author": desk.customer, "body": "还是不行", "key": key}
    written = reply(**sent, at=NOON + HOUR)
    assert (written.ticket.pk, written.ticket.status) == (third.pk, "in_progress")
    assert reply(**sent, at=NOON + HOUR).repeated
    assert Message.objects.get().ticket_id == third.pk


def test_a_colleagues_words_follow_to_a_ticket_they_do_not_see(client, desk):
    friend = make_user("friend@test.example", organisation=desk.customer.organisation, language="en")
    source, into = make_ticket(friend), make_ticket(desk.customer)
    put(source, into, desk.engineer)
    client.force_login(friend)
    page = client.get(f"/tickets/{source.number}/").text
    assert "What you write here is put there." in page
    assert into.number not in page + client.get(f"/tickets/{source.number}/history/").text
    answer = client.post(f"/tickets/{source.number}/replies/", {"body": "还是不行"}, follow=True)
    assert "Your message was put where" in answer.text
    said = client.post(
        f"/api/v1/tickets/{source.number}/replies", {"body": "请看"}, content_type="application/json"
    )
    assert (said.json()["ticket"], said.json()["follow_up"]) == (source.number, False)
    assert Message.objects.filter(ticket=into, author=friend).count() == 2


def test_long_after_the_other_ended_the_word_opens_a_follow_up_of_the_writers_own(desk):
    source, into = make_ticket(desk.colleague), make_ticket(desk.customer)
    put(source, into, desk.engineer)
    act(into, "cancel", desk.engineer)
    written = reply(ticket_id=source.pk, author=desk.colleague, body="还是不行", at=NOON + HOUR)
    assert (written.ticket.follow_up_of, written.ticket.requester) == (into, desk.colleague)


# --- screens and programs -------------------------------------------------------------------------------


def test_an_engineer_merges_by_number_and_reads_where_it_went(client, desk, pair):
    source, into = pair
    client.force_login(desk.engineer)
    url = f"/tickets/{source.number}/transitions/"
    offered = client.get(url, {"action": "merge"}, headers=HTMX).text
    assert f'<option value="{into.number}">' in offered
    assert source.number not in re.findall('option value="([^"]*)"', offered)
    given = {"action": "merge", "version": "1", "into": "LD-99999999"}
    assert "There is no such ticket." in client.post(url, given, headers=HTMX).text
    hidden = make_ticket(desk.customer, module="platform")
    assert "There is no such ticket." in client.post(url, given | {"into": hidden.number}, headers=HTMX).text
    done = client.post(url, given | {"into": str(into.pk)}, headers=HTMX)
    assert f'Goes on in <a class="link" href="/tickets/{into.number}/"' in done.text
    told = client.get(f"/tickets/{source.number}/history/").text
    assert f"merged the ticket into {into.number}" in told
    other = client.get(f"/tickets/{into.number}/").text
    assert f"merged {source.number} into this ticket" in other
    assert f'href="/tickets/{source.number}/"' in other


def test_the_customer_is_led_to_where_it_goes_on(client, desk, pair):
    source, into = pair
    put(source, into, desk.engineer)
    client.force_login(desk.customer)
    page = client.get(f"/tickets/{source.number}/")
    assert page.status_code == 200
    assert f'href="/tickets/{into.number}/"' in page.text
    answer = client.post(f"/tickets/{source.number}/replies/", {"body": "还是不行"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/tickets/{into.number}/")


def test_programs_merge_by_number(client, desk, pair):
    source, into = pair
    client.force_login(desk.engineer)
    url, kind = f"/api/v1/tickets/{source.number}/transitions", "application/json"
    step = {"action": "merge", "version": 1}
    for wrong in ({}, {"into": "LD-99999999"}, {"into": source.number}):
        refused = client.post(url, step | wrong, content_type=kind)
        assert (refused.status_code, set(refused.json()["fields"])) == (422, {"into"})
    done = client.post(url, step | {"into": into.number}, content_type=kind)
    assert (done.status_code, done.json()["status"], done.json()["actions"]) == (200, "merged", [])


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_into_each_other_one_is_done_and_nobody_waits_for_ever():
    load_targets()
    desk = make_desk()
    for _number in range(3):
        pair = make_ticket(desk.customer), make_ticket(desk.customer)
        start, refused = threading.Barrier(3), []

        def work(source, into, start=start, refused=refused):
            start.wait()
            try:
                put(source, into, desk.admin)
            except DeskError as error:
                refused.append(error)
            connection.close()

        def write(source, start=start):
            start.wait()
            reply(ticket_id=source.pk, author=desk.customer, body="还是不行", at=NOON + HOUR)
            connection.close()

        workers = [
            threading.Thread(target=work, args=pair),
            threading.Thread(target=work, args=pair[::-1]),
            threading.Thread(target=write, args=pair[:1]),
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=20)
        found = Ticket.objects.filter(pk__in=[ticket.pk for ticket in pair])
        assert sorted(found.values_list("status", flat=True)) == ["merged", "new"]
        assert len(refused) == 1
    assert Message.objects.count() == 3
