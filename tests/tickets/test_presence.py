"""Who else is on a ticket: told to its staff, kept nowhere, and never an error."""

import json
from itertools import count

import pytest
from django.test import Client

from common import live, presence
from devtools.embedded import free_port
from tests.factories import make_desk, make_ticket

pytestmark = pytest.mark.django_db
PAGES = count()


@pytest.fixture
def desk():
    desk = make_desk()
    for person in desk.people().values():
        person.language = "en"
        person.save()
    return desk


@pytest.fixture
def ticket(desk):
    return make_ticket(desk.customer)


@pytest.fixture
def hints(monkeypatch):
    """What is published, as (listeners, event)."""
    found = []
    monkeypatch.setattr(live, "_publish", lambda text: found.append(json.loads(text)))
    return found


class Page:
    """A page somebody has open on a ticket."""

    def __init__(self, user, ticket):
        self.client, self.ticket, self.name = Client(), ticket, f"p{next(PAGES)}"
        self.client.force_login(user)

    def say(self, doing):
        given = {"page": self.name, "doing": doing}
        return self.client.post(f"/tickets/{self.ticket.number}/presence/", given)


def test_colleagues_see_each_other_and_what_each_does(desk, ticket):
    engineer, manager, twice = (Page(user, ticket) for user in (desk.engineer, desk.manager, desk.manager))
    assert engineer.say("look").text.strip() == ""
    assert "<b>周航</b> is looking" in manager.say("look").text
    manager.say("note")
    twice.say("reply")
    shown = engineer.say("look").text
    # Of two pages of one person the more telling one counts; the box is warned of a reply.
    assert "<b>王倩</b> is writing a reply" in shown
    assert shown.count("王倩</b>") == 1
    assert "data-warning" in shown
    twice.say("gone")
    assert "<b>王倩</b> is writing a note" in engineer.say("look").text
    manager.say("gone")
    assert "王倩" not in engineer.say("look").text


def test_only_what_is_new_is_announced_and_to_staff_alone(
    desk, ticket, hints, django_capture_on_commit_callbacks
):
    page = Page(desk.engineer, ticket)
    for doing in ("look", "look", "reply", "reply", "gone", "gone"):
        with django_capture_on_commit_callbacks(execute=True):
            page.say(doing)
    assert [hint["message"] for hint in hints] == [{"event": "presence", "number": ticket.number}] * 3
    assert {name for hint in hints for name in hint["to"]} == {"staff", f"team:{ticket.team_id}"}


def test_customers_are_neither_shown_nor_told(desk, ticket):
    Page(desk.engineer, ticket).say("reply")
    for customer in (desk.customer, desk.colleague, desk.stranger):
        assert Page(customer, ticket).say("look").status_code == 404
    assert "陈静" not in Page(desk.manager, ticket).say("look").text
    customers = Client()
    customers.force_login(desk.customer)
    assert "presence" not in customers.get(f"/tickets/{ticket.number}/").text


def test_a_page_that_says_nothing_any_more_is_forgotten(desk, ticket):
    silent, asks = Page(desk.manager, ticket), Page(desk.engineer, ticket)
    silent.say("look")
    assert "王倩" in asks.say("look").text
    (key,) = live.client().keys(f"*:ticket:{ticket.pk}:{desk.manager.pk}:*")
    assert 0 < live.client().ttl(key) <= presence.LASTS
    live.client().delete(key)
    assert "王倩" not in asks.say("look").text


def test_without_valkey_nobody_is_shown_and_nothing_breaks(desk, ticket, settings, monkeypatch):
    monkeypatch.setattr(presence, "_away_until", 0.0)
    monkeypatch.setattr(live, "_silent_until", 0.0)
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    live.client.cache_clear()
    try:
        assert Page(desk.engineer, ticket).say("look").status_code == 204
        # Nobody is kept waiting for it a second time.
        assert Page(desk.engineer, ticket).say("reply").status_code == 204
    finally:
        live.client.cache_clear()


@pytest.mark.parametrize("doing", ["", "dance", "reply\0"])
def test_nonsense_is_passed_over(desk, ticket, doing):
    assert Page(desk.engineer, ticket).say(doing).status_code == 204
