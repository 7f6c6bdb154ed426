"""Watching a ticket."""

import pytest

from common.errors import InvalidInput, NotAllowed
from notifications.models import Delivery, Notification
from notifications.recipients import watchers_of
from tests.factories import NOON, act, join, make_desk, make_ticket
from tickets.services import watching
from tickets.services.replying import reply
from tickets.services.watching import unwatch, watch

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk():
    desk = make_desk()
    for person in desk.people().values():
        person.language = "en"
        person.save()
    join(desk.engineer2, "reports")
    return desk


@pytest.fixture
def ticket(desk):
    return make_ticket(desk.customer)


def watches(ticket, user, actor=None, change=watch):
    return change(ticket_id=ticket.pk, user=user, actor=actor or user, at=NOON)


def told(person):
    notices = Notification.objects.filter(user=person, kind="watched").order_by("pk")
    return list(notices.values_list("data__what", flat=True))


def test_one_watches_oneself_or_has_a_colleague_watch_and_it_is_on_record_for_staff(desk, ticket):
    watches(ticket, desk.engineer2)
    watches(ticket, desk.engineer2, desk.engineer)
    watches(ticket, desk.colleague, desk.engineer)
    watches(ticket, desk.engineer2, desk.engineer, unwatch)
    watches(ticket, desk.engineer2, desk.engineer, unwatch)
    assert [row.user for row in ticket.watchers.all()] == [desk.colleague]
    rows = list(ticket.history.filter(field="watcher").values_list("event", "new", "is_public"))
    assert rows == [
        ("watched", desk.engineer2.pk, False),
        ("watched", desk.colleague.pk, False),
        ("unwatched", desk.engineer2.pk, False),
    ]
    ticket.refresh_from_db()
    assert ticket.version == 1


def test_who_cannot_see_it_cannot_watch_it(desk, ticket, monkeypatch):
    for person in (desk.stranger, desk.customer):
        with pytest.raises(InvalidInput):
            watches(ticket, person, desk.engineer)
    with pytest.raises(NotAllowed):
        watches(ticket, desk.engineer, desk.colleague)
    monkeypatch.setattr(watching, "MOST_WATCHERS", 1)
    watches(ticket, desk.manager)
    with pytest.raises(InvalidInput):
        watches(ticket, desk.engineer2)


def test_watchers_hear_of_words_and_steps_but_nobody_hears_twice(desk, ticket):
    act(ticket, "take", desk.engineer)
    for person in (desk.engineer, desk.engineer2, desk.colleague):
        watches(ticket, person)
    Notification.objects.all().delete()
    reply(ticket_id=ticket.pk, author=desk.engineer, body="请重新生成底稿。", at=NOON)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="内部：看日志", at=NOON, public=False)
    reply(ticket_id=ticket.pk, author=desk.customer, body="好了一半", at=NOON)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    act(ticket, "confirm", desk.customer)
    assert told(desk.engineer2) == ["answered", "noted", "wrote", "resolved", "closed"]
    assert told(desk.colleague) == ["answered", "wrote", "resolved", "closed"]
    assert told(desk.engineer) == []


def test_a_letter_to_a_watcher_quotes_no_note(client, desk, ticket):
    watches(ticket, desk.engineer2)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="只给同事看", at=NOON, public=False)
    letter = Delivery.objects.get(recipient=desk.engineer2, kind="watched")
    assert "body" not in letter.data
    client.force_login(desk.engineer2)
    assert "left an internal note" in client.get("/notifications/").text


def test_who_lost_sight_of_it_hears_no_more(desk, ticket):
    watches(ticket, desk.engineer2)
    desk.engineer2.memberships.filter(team=ticket.team).delete()
    reply(ticket_id=ticket.pk, author=desk.engineer, body="请重试", at=NOON)
    assert told(desk.engineer2) == []


def test_who_may_see_it_is_asked_once_for_all_who_watch(desk, ticket, django_assert_num_queries):
    for person in (desk.manager, desk.engineer2, desk.colleague, desk.admin):
        watches(ticket, person)
    desk.engineer2.memberships.all().delete()
    with django_assert_num_queries(2):
        assert watchers_of(ticket) == [desk.manager, desk.colleague, desk.admin]
    with django_assert_num_queries(2):
        assert watchers_of(ticket, inside=True, besides=[desk.admin]) == [desk.manager]


def test_the_page_lets_one_watch_and_stop(client, desk, ticket):
    client.force_login(desk.engineer2)
    address = f"/tickets/{ticket.number}/watchers/"
    assert "You watch it; stop" in client.post(address, {"do": "watch"}, headers=HTMX).text
    assert "Watch it" in client.post(address, {"do": "unwatch"}, headers=HTMX).text


def test_somebody_is_added_and_removed_by_the_page(client, desk, ticket):
    client.force_login(desk.engineer)
    address = f"/tickets/{ticket.number}/watchers/"
    assert desk.engineer2.name in client.get(address, headers=HTMX).text
    assert client.post(address, {"watcher": ""}, headers=HTMX).status_code == 422
    assert client.post(address, {"watcher": desk.stranger.pk}, headers=HTMX).status_code == 422
    client.post(address, {"watcher": desk.engineer2.pk}, headers=HTMX)
    assert [row.user for row in ticket.watchers.all()] == [desk.engineer2]
    client.post(address, {"do": "remove", "watcher": desk.engineer2.pk}, headers=HTMX)
    assert not ticket.watchers.exists()
    gone = client.post(address, {"do": "remove", "watcher": desk.engineer2.pk}, headers=HTMX)
    assert gone.status_code == 404


def test_a_contact_manager_watches_on_the_own_page_and_the_requester_need_not(client, desk, ticket):
    client.force_login(desk.colleague)
    page = client.get(f"/tickets/{ticket.number}/").text
    assert "Watch it" in page
    assert client.post(f"/tickets/{ticket.number}/watchers/", {"do": "watch"}).status_code == 302
    client.force_login(desk.customer)
    assert "Watch it" not in client.get(f"/tickets/{ticket.number}/").text
    assert client.post(f"/tickets/{ticket.number}/watchers/", {"do": "watch"}).status_code == 404
