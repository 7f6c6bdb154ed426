"""The command palette and the shortcuts: what is offered to whom, and what can be switched off."""

import html
import json
import re

import pytest
from django.test import Client

from tests.factories import act, make_article, make_desk, make_ticket
from tickets.services.saving_views import save_view
from tickets.shortcuts import GROUPS, keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    desk = make_desk()
    for person in desk.people().values():
        person.language = "en"
        person.save()
    return desk


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def offered(user, q="", ticket="") -> dict[str, str]:
    """The labels of what is offered, and where each leads."""
    text = signed_in(user).get("/palette/", {"q": q, "ticket": ticket}).text
    found = {}
    for option in re.findall(r'<div role="option".*?</div>', text, re.DOTALL):
        label = html.unescape(re.search(r'palette__label">(.*?)</span>', option).group(1))
        found[label] = html.unescape(re.search(r'data-(?:href|post)="(.*?)"', option).group(1))
    return found


def test_tickets_are_found_by_number_and_words_as_far_as_the_reader_sees_them(desk):
    ticket = make_ticket(desk.customer, subject="Close is stuck")
    make_ticket(desk.customer, subject=f"Like {ticket.number} stuck")
    label = f"{ticket.number} Close is stuck"
    assert next(iter(offered(desk.engineer, ticket.number))) == label
    assert offered(desk.engineer, str(ticket.pk))[label] == f"/tickets/{ticket.number}/"
    assert label in offered(desk.engineer, "stuck")
    assert label not in offered(desk.engineer2, ticket.number)


def test_a_person_leads_to_their_tickets(desk):
    ticket = make_ticket(desk.customer)
    make_ticket(desk.colleague)
    where = offered(desk.engineer, "陈静")["陈静"]
    page = signed_in(desk.engineer).get(where).text
    assert page.count('class="list__no"') == 1
    assert ticket.number in page
    assert offered(desk.engineer, "王倩")["王倩"] == f"/tickets/?assignee={desk.manager.pk}&status=open"
    # Of another team.
    assert "赵敏" not in offered(desk.engineer, "赵敏")


def test_articles_saved_views_pages_and_actions_are_found_by_their_names(desk):
    make_article("blank-print", "Blank print", language="en")
    view = save_view(owner=desk.engineer, name="Fires", params={"tier": "urgent"}, team=None)
    assert "/handbook/blank-print/" in offered(desk.engineer, "blank")["Blank print"]
    assert offered(desk.engineer, "fir")[view.name] == "/tickets/?tier=urgent"
    assert "Fires" not in offered(desk.manager, "fir")
    everything = offered(desk.engineer)
    assert everything["Board"] == "/board/"
    assert everything["File a ticket"] == "/tickets/new/"
    assert everything["Take the next ticket"] == "/board/next/"
    assert everything["Language: 简体中文"] == "/language/"
    assert "Figures" not in everything
    assert "Figures" in offered(desk.manager)
    assert offered(desk.engineer, "zzzz") == {}


def test_on_a_ticket_it_offers_what_the_workflow_allows_now_by_the_same_forms(desk):
    ticket = make_ticket(desk.customer)
    labels = offered(desk.engineer, ticket=ticket.number)
    assert labels["Assign…"] == f"/tickets/{ticket.number}/transitions/?action=assign"
    assert "Take it" in labels
    assert "Resolve…" not in labels
    # A number looks for tickets, also for the one that is open.
    assert list(offered(desk.engineer, ticket.number, ticket.number)) == [f"{ticket.number} {ticket.subject}"]
    act(ticket, "take", desk.engineer)
    assert {"Resolve…", "Merge into another ticket…"} <= set(offered(desk.engineer, ticket=ticket.number))
    for stranger, number in ((desk.engineer2, ticket.number), (desk.engineer, "LD-0"), (desk.engineer, "x")):
        assert "Assign…" not in offered(stranger, ticket=number)


def test_the_number_of_queries_does_not_grow_with_what_is_found(desk, django_assert_max_num_queries):
    for n in range(8):
        make_ticket(desk.customer, subject=f"Close {n}")
        make_article(f"close-{n}", f"Close {n}", language="en")
        save_view(owner=desk.engineer, name=f"Close {n}", params={"tier": "urgent"}, team=None)
    client = signed_in(desk.engineer)
    with django_assert_max_num_queries(16):
        client.get("/palette/?q=close")


def test_the_list_of_shortcuts_names_every_key_scripts_listen_for(desk):
    client = signed_in(desk.engineer)
    page, part = (
        client.get("/shortcuts/").text,
        client.get("/shortcuts/", headers={"HX-Request": "true"}).text,
    )
    for group in GROUPS:
        for row in group.rows:
            assert f"<kbd>{row.keys}</kbd>" in part
    assert "<html" in page
    assert "<html" not in part
    carried = re.search(r'data-keys="(.*?)"', page).group(1)
    assert json.loads(html.unescape(carried)) == keys()
    assert len(set(keys().values())) == len(keys())


def test_keys_of_a_single_character_can_be_switched_off(desk):
    client = signed_in(desk.engineer)
    assert 'data-single="on"' in client.get("/board/").text
    client.post("/me/", {"name": "周航", "language": "en", "time_zone": "UTC"})
    assert 'data-single="off"' in client.get("/board/").text
    assert "single_keys" not in signed_in(desk.customer).get("/me/").text


def test_whoever_takes_the_next_ticket_is_told_which(desk):
    ticket = make_ticket(desk.customer, subject="Close is stuck")
    page = signed_in(desk.engineer).post("/board/next/", follow=True).text
    assert f"You took {ticket.number}: Close is stuck" in page


def test_a_step_asked_for_from_the_board_leads_back_to_it_and_never_elsewhere(desk):
    ticket = make_ticket(desk.customer)
    client = signed_in(desk.engineer)
    where = f"/tickets/{ticket.number}/transitions/"
    form = client.get(where, {"action": "assign", "next": "/board/?tier=urgent"}).text
    assert 'name="next" value="/board/?tier=urgent"' in form
    assert 'name="next"' not in client.get(where, {"action": "assign", "next": "https://evil.example/"}).text
    sent = {"action": "assign", "assignee": desk.engineer.pk, "version": ticket.version, "next": "/board/"}
    assert client.post(where, sent).headers["Location"] == "/board/"
