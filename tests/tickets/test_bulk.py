"""One step on many tickets."""

import re
from uuid import uuid4

import pytest
import time_machine

from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import BulkItem, BulkRun
from tickets.services.bulk import MOST, Chosen, begin, go_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings):
    settings.FILINGS_PER_HOUR = 1000
    desk = make_desk()
    for person in desk.people().values():
        person.language = "en"
        person.save()
    with time_machine.travel(NOON, tick=False):
        yield desk


@pytest.fixture
def engineer(client, desk):
    client.force_login(desk.engineer)
    return client


def named(ticket):
    return f"{ticket.number}:{ticket.version}"


def send(client, verb, tickets, **inputs):
    inputs.setdefault("key", str(uuid4()))
    return client.post(f"/tickets/bulk/{verb}/", {"ticket": [named(t) for t in tickets], **inputs})


def outcomes():
    return dict(BulkItem.objects.values_list("number", "outcome"))


def test_the_list_has_a_box_for_each_ticket_with_the_version_it_shows(engineer, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    page = engineer.get("/tickets/").text
    assert f'value="{ticket.number}:2" data-verbs="take assign hand_over' in page


def test_each_ticket_goes_its_own_way_and_the_page_says_why(engineer, desk):
    fine, stale, ended, unseen = (
        make_ticket(desk.customer),
        make_ticket(desk.customer),
        act(make_ticket(desk.customer), "cancel", desk.engineer),
        make_ticket(desk.customer, module="platform"),
    )
    act(stale, "take", desk.engineer)
    answer = send(engineer, "take", [fine, stale, ended, unseen])
    assert outcomes() == {
        fine.number: "done",
        stale.number: "stale",
        ended.number: "not_possible",
        unseen.number: "not_found",
    }
    fine.refresh_from_db()
    unseen.refresh_from_db()
    assert (fine.assignee, fine.status, unseen.assignee) == (desk.engineer, "in_progress", None)
    page = engineer.get(answer.headers["Location"]).text
    assert "Finished: 1 of 4 done." in page
    assert "was changed by someone else meanwhile" in page
    assert unseen.subject not in page.split(unseen.number)[1].split("</li>")[0]


def test_what_one_may_not_do_is_refused_for_that_ticket_alone(engineer, desk):
    solved = act(
        act(make_ticket(desk.customer), "take", desk.engineer), "resolve", desk.engineer, resolution="好"
    )
    send(engineer, "close", [solved])
    assert outcomes() == {solved.number: "not_allowed"}


def test_sent_twice_it_is_done_once(engineer, desk):
    ticket = make_ticket(desk.customer)
    key = str(uuid4())
    first = send(engineer, "tag", [ticket], tag="audit", key=key)
    again = send(engineer, "tag", [ticket], tag="audit", key=key)
    assert first.headers["Location"] == again.headers["Location"]
    assert outcomes() == {ticket.number: "done"}
    assert ticket.history.filter(event="tagged").count() == 1


def test_a_tag_that_was_there_is_done_and_told(engineer, desk):
    bare, tagged = make_ticket(desk.customer), make_ticket(desk.customer)
    send(engineer, "tag", [tagged], tag="audit")
    tagged.refresh_from_db()
    page = engineer.get(send(engineer, "tag", [bare, tagged], tag="Audit").headers["Location"]).text
    assert outcomes() == {bare.number: "done", tagged.number: "done"}
    assert "2 of 2 done" in page
    assert page.count("It has this tag already.") == 1


def test_a_run_goes_on_by_ten_and_is_there_to_come_back_to(engineer, desk):
    tickets = [make_ticket(desk.customer) for _ in range(25)]
    where = send(engineer, "set_tier", tickets, tier="consultation").headers["Location"]
    assert "15 of 25 are left" in engineer.get("/tickets/").text
    part = engineer.post(where, headers={"HX-Request": "true"}).text
    assert "20 of 25" in part
    assert 'hx-trigger="load"' in part
    assert "<html" not in part
    engineer.post(where)
    assert "Finished: " in engineer.get(where).text
    assert "are left" not in engineer.get("/tickets/").text
    assert set(outcomes().values()) == {"done"}


def test_the_page_of_a_run_says_what_each_ticket_was_given(engineer, desk):
    ticket, other = make_ticket(desk.customer), make_ticket(desk.customer)
    for verb, inputs, words in (
        ("tag", {"tag": "月结"}, "月结"),
        ("set_tier", {"tier": "consultation"}, "Consultation"),
        ("assign", {"assignee": desk.engineer.pk}, "周航"),
        ("hand_over", {"team": "platform"}, "Platform team"),
        ("merge", {"into": other.number}, other.number),
    ):
        where = send(engineer, verb, [ticket], **inputs).headers["Location"]
        assert f'<p class="small muted">{words}</p>' in engineer.get(where).text


def test_somebody_elses_run_is_not_found(client, engineer, desk):
    where = send(engineer, "take", [make_ticket(desk.customer)]).headers["Location"]
    client.force_login(desk.manager)
    assert client.get(where).status_code == 404
    assert client.post(where).status_code == 404


def test_what_a_step_needs_is_asked_for_and_comes_back_as_typed(engineer, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    asked = engineer.post("/tickets/bulk/", {"verb": "hand_over", "ticket": named(ticket), "status": "open"})
    assert 'name="team"' in asked.text
    assert f'value="{named(ticket)}"' in asked.text
    refused = send(engineer, "hand_over", [ticket], note="please look")
    assert refused.status_code == 422
    assert "please look" in refused.text
    assert "Say which team is to take it." in refused.text
    send(engineer, "hand_over", [ticket], team="gl", note="please look")
    ticket.refresh_from_db()
    assert (ticket.team.code, ticket.handovers) == ("gl", 1)


def test_many_are_merged_into_one(engineer, desk):
    into, first, foreign = make_ticket(desk.customer), make_ticket(desk.customer), make_ticket(desk.stranger)
    send(engineer, "merge", [into, first, foreign], into=into.number)
    assert outcomes() == {into.number: "refused", first.number: "done", foreign.number: "refused"}
    first.refresh_from_db()
    assert first.merged_into == into
    # And not round in a ring.
    into.refresh_from_db()
    send(engineer, "merge", [into], into=first.number)
    assert BulkItem.objects.latest("pk").outcome == "refused"


def test_all_that_match_the_filters_are_chosen(engineer, desk):
    open_ones = [make_ticket(desk.customer) for _ in range(3)]
    act(open_ones[0], "cancel", desk.engineer)
    unseen = make_ticket(desk.customer, module="platform")
    asked = engineer.post("/tickets/bulk/", {"verb": "take", "all": "1", "status": "open"}).text
    chosen = set(re.findall(r'name="ticket" value="(LD-\d+):1"', asked))
    assert chosen == {ticket.number for ticket in open_ones[1:]}
    assert unseen.number not in chosen


def test_no_more_than_five_hundred_at_a_time_and_no_fewer_than_one(engineer, desk):
    many = [f"LD-{n}:1" for n in range(1, MOST + 2)]
    for chosen, words in ((many, "At most 500 tickets"), ([], "Choose at least one ticket")):
        answer = engineer.post("/tickets/bulk/take/", {"ticket": chosen, "key": str(uuid4())})
        assert answer.status_code == 422
        assert words in answer.text
    assert not BulkRun.objects.exists()


def test_what_belongs_to_no_ticket_is_not_found(engineer, desk):
    run = begin(
        owner=desk.engineer,
        key=uuid4(),
        verb="take",
        inputs={},
        chosen=[Chosen("NONSENSE", 1), Chosen("LD-" + "9" * 18, 1)],
        at=NOON,
    )
    go_on(run=run, at=NOON, count=10)
    assert set(outcomes().values()) == {"not_found"}


def test_what_fails_unexpectedly_does_not_keep_the_others_waiting(desk):
    first, second = make_ticket(desk.customer), make_ticket(desk.customer)
    # Stored by nobody: a run whose words are missing.
    chosen = [Chosen(first.number, 1), Chosen(second.number, 1)]
    run = begin(owner=desk.engineer, key=uuid4(), verb="tag", inputs={}, chosen=chosen, at=NOON)
    go_on(run=run, at=NOON, count=10)
    assert outcomes() == {first.number: "refused", second.number: "refused"}
    assert not first.history.filter(event="tagged").exists()


def test_a_step_that_is_none_is_not_found(engineer, desk):
    assert engineer.post("/tickets/bulk/", {"verb": "confirm"}).status_code == 404
    assert engineer.post("/tickets/bulk/reject/").status_code == 404
