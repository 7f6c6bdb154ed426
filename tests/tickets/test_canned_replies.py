"""Canned replies: who sees and changes them, what they become on a ticket, their pages and their endpoints."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Team
from common.errors import InvalidInput, NotAllowed
from knowledgebase.terms import glossary, load_terms
from sla.base import load_targets
from tests.factories import NOON, act, join, make_desk, make_ticket, make_user
from tickets.base import entries, load_replies
from tickets.canned_replies import offered, replies_of
from tickets.models import CannedReply
from tickets.services.canning import Canned, ChangedMeanwhile, change_reply, delete_reply, save_reply
from tickets.triage import Impact
from tickets.views._canned import filled_for

pytestmark = pytest.mark.django_db
TEXT = Canned(name="Hello", body_zh="{{customer}}，您好", body_en="Hello {{customer}}")


@pytest.fixture
def desk():
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        load_targets()
        desk = make_desk()
        for person in desk.people().values():
            person.language = "en"
            person.save()
        yield desk


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def team() -> Team:
    return Team.objects.get(code="reports")


def test_a_reply_is_its_owners_a_teams_or_everyones(desk):
    mine = save_reply(actor=desk.engineer, text=TEXT)
    ours = save_reply(actor=desk.manager, text=replace(TEXT, visibility="team", team=team()))
    all_of_us = save_reply(actor=desk.admin, text=replace(TEXT, visibility="everyone"))
    assert set(replies_of(desk.engineer)) == {mine, ours, all_of_us}
    assert set(replies_of(desk.engineer2)) == {all_of_us}
    assert set(replies_of(desk.admin)) == {ours, all_of_us}


def test_who_leads_a_team_looks_after_its_replies_and_administrators_after_everyones(desk):
    lead = make_user("lead@test.example", "engineer")
    join(lead, "reports", leads=True)
    ours = save_reply(actor=lead, text=replace(TEXT, visibility="team", team=team()))
    with pytest.raises(NotAllowed):
        save_reply(actor=desk.engineer, text=replace(TEXT, visibility="team", team=team(), name="Other"))
    with pytest.raises(NotAllowed):
        save_reply(actor=desk.manager, text=replace(TEXT, visibility="everyone"))
    with pytest.raises(NotAllowed):
        delete_reply(reply_id=ours.pk, actor=desk.engineer)
    assert delete_reply(reply_id=ours.pk, actor=desk.admin)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"body_zh": "", "body_en": " "}, "body_zh"),
        ({"body_en": "{{naem}}"}, "body_en"),
        ({"body_zh": "x" * 4001}, "body_zh"),
        ({"visibility": "team"}, "visibility"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(desk, wrong, field):
    with pytest.raises(InvalidInput) as refused:
        save_reply(actor=desk.engineer, text=replace(TEXT, **wrong))
    assert list(refused.value.fields) == [field]


def test_names_are_unique_where_they_stand_and_free_elsewhere(desk):
    save_reply(actor=desk.engineer, text=TEXT)
    with pytest.raises(InvalidInput):
        save_reply(actor=desk.engineer, text=replace(TEXT, name="HELLO"))
    save_reply(actor=desk.engineer2, text=TEXT)
    save_reply(actor=desk.admin, text=replace(TEXT, visibility="everyone"))
    with pytest.raises(InvalidInput):
        save_reply(actor=desk.admin, text=replace(TEXT, visibility="everyone"))


def test_a_change_that_was_read_before_anothers_is_refused(desk):
    reply = save_reply(actor=desk.engineer, text=TEXT)
    change_reply(reply_id=reply.pk, actor=desk.engineer, text=replace(TEXT, name="A"), version=1)
    with pytest.raises(ChangedMeanwhile):
        change_reply(reply_id=reply.pk, actor=desk.engineer, text=replace(TEXT, name="B"), version=1)
    page = signed_in(desk.engineer).post(
        f"/replies/{reply.pk}/",
        {"name": "B", "body_en": "typed", "visibility": "personal", "situation": "none", "version": "1"},
    )
    assert page.status_code == 409
    assert "Somebody changed this reply meanwhile" in page.text
    assert ">\ntyped</textarea>" in page.text
    assert 'name="version" value="2"' in page.text


def test_what_comes_with_the_desk_is_switched_off_instead_of_deleted_and_stays_as_people_changed_it(desk):
    load_replies()
    first = CannedReply.objects.get(key="outage-on-it")
    assert not delete_reply(reply_id=first.pk, actor=desk.admin)
    other = CannedReply.objects.get(key="outage-back")
    change_reply(reply_id=other.pk, actor=desk.admin, text=replace(TEXT, visibility="everyone"), version=1)
    count = CannedReply.objects.count()
    load_replies()
    assert CannedReply.objects.count() == count == len(list(entries()))
    assert not CannedReply.objects.get(key="outage-on-it").is_active
    assert CannedReply.objects.get(key="outage-back").name == "Hello"


def test_what_comes_with_the_desk_holds_no_jargon():
    load_terms()
    terms = glossary()
    for entry in entries():
        assert terms.find(entry["zh"]) + terms.find(entry["en"]) == [], entry["key"]


def test_a_reply_speaks_the_customers_language_or_the_one_there_is(desk):
    ticket = make_ticket(desk.customer, subject="Close *now*")
    save_reply(actor=desk.engineer, text=replace(TEXT, body_en="{{subject}}: solved {{due}}. {{engineer}}"))
    (filled,) = filled_for(desk.engineer, ticket, at=NOON)
    assert filled.text == r"Close \*now\*: solved by Mar 7, 12:00. 周航"
    ticket.requester.language = "zh-hans"
    assert filled_for(desk.engineer, ticket, at=NOON)[0].text == "陈静，您好"
    CannedReply.objects.update(body_en="")
    ticket.requester.language = "en"
    assert filled_for(desk.engineer, ticket, at=NOON)[0].text == "陈静，您好"


def test_the_promised_moment_is_the_customers_own_and_a_late_one_is_not_promised_again(desk):
    desk.customer.time_zone = "UTC"
    desk.customer.save()
    ticket = make_ticket(desk.customer)
    save_reply(actor=desk.engineer, text=replace(TEXT, body_en="{{due}}"))
    assert filled_for(desk.engineer, ticket, at=NOON)[0].text == "by Mar 7, 04:00"
    late = NOON + timedelta(days=9)
    assert filled_for(desk.engineer, ticket, at=late)[0].text == "as soon as we can"


def test_the_opening_that_fits_the_ticket_is_offered_first(desk):
    load_replies()

    def first(ticket):
        situation, replies = offered(desk.admin, ticket, at=NOON + timedelta(hours=1))
        return situation, replies[0].situation

    down = make_ticket(desk.customer, module="gl", impact=Impact(production_down="full"))
    assert first(down) == ("outage", "outage")
    assert first(make_ticket(desk.customer, category="performance")) == ("slow", "slow")
    assert first(make_ticket(desk.customer, category="how-to")) == ("how_to", "how_to")
    once = make_ticket(desk.customer, module="tax")
    assert first(once)[0] == "none"
    again = make_ticket(desk.colleague, module="tax", at=NOON + timedelta(minutes=5))
    assert first(again) == ("repeated", "repeated")
    solved = act(act(once, "take", desk.admin), "resolve", desk.admin, resolution="好了")
    assert first(act(solved, "reopen", desk.admin, reason="又来了"))[0] == "repeated"


def test_the_list_of_a_ticket_is_for_its_agents_and_counts_what_is_used(desk):
    ticket = make_ticket(desk.customer)
    reply = save_reply(actor=desk.engineer, text=TEXT)
    strangers = save_reply(actor=desk.engineer2, text=TEXT)
    agent = signed_in(desk.engineer)
    page = agent.get(f"/tickets/{ticket.number}/canned/")
    assert 'data-text="Hello 陈静"' in page.text
    assert agent.post(f"/tickets/{ticket.number}/canned/{reply.pk}/used/").status_code == 204
    assert agent.post(f"/tickets/{ticket.number}/canned/{strangers.pk}/used/").status_code == 404
    reply.refresh_from_db()
    assert (reply.used, reply.version) == (1, 1)
    assert signed_in(desk.customer).get(f"/tickets/{ticket.number}/canned/").status_code == 404


def test_the_pages_show_make_change_and_delete_replies(desk):
    load_replies()
    agent = signed_in(desk.engineer)
    assert "None yet. What you write again" in agent.get("/replies/").text
    sent = {
        "name": "Mine",
        "body_en": "{{nobody}}",
        "visibility": "personal",
        "situation": "none",
        "is_active": "on",
    }
    refused = agent.post("/replies/new/", sent)
    assert refused.status_code == 422
    assert "No placeholder is called “nobody”" in refused.text
    agent.post("/replies/new/", {**sent, "body_en": "Hello {{customer}}"})
    reply = CannedReply.objects.get(name="Mine")
    assert f"/replies/{reply.pk}/" in agent.get("/replies/").text
    agent.post(f"/replies/{reply.pk}/", {**sent, "body_en": "Bye", "version": "1"})
    reply.refresh_from_db()
    assert (reply.body_en, reply.version) == ("Bye", 2)
    everyones = CannedReply.objects.get(key="outage-back")
    assert agent.get(f"/replies/{everyones.pk}/").status_code == 404
    assert agent.post(f"/replies/{everyones.pk}/delete/").status_code == 404
    assert agent.post("/replies/new/", {**sent, "body_en": "x", "visibility": "everyone"}).status_code == 422
    agent.post(f"/replies/{reply.pk}/delete/")
    assert not CannedReply.objects.filter(name="Mine").exists()


def test_a_preview_shows_both_languages_with_made_up_values(desk):
    page = signed_in(desk.engineer).post(
        "/replies/preview/", {"body_zh": "**{{customer}}**，您好", "body_en": "{{number}} <b>"}
    )
    assert "<strong>陈静</strong>，您好" in page.text
    assert "LD-10423 &lt;b&gt;" in page.text


def test_programs_read_replies_as_kept_and_as_filled_in(desk):
    ticket = make_ticket(desk.customer)
    save_reply(actor=desk.engineer, text=replace(TEXT, module=ticket.module))
    save_reply(actor=desk.engineer, text=replace(TEXT, name="Off", is_active=False))
    agent = signed_in(desk.engineer)
    (kept,) = agent.get("/api/v1/canned-replies").json()["results"]
    assert (kept["body_en"], kept["module"], kept["team"]) == ("Hello {{customer}}", "reports", None)
    (filled,) = agent.get(f"/api/v1/tickets/{ticket.number}/canned-replies").json()["results"]
    assert filled["text"] == "Hello 陈静"
    assert filled["fits"] is False
