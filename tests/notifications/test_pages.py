"""The page of notices, the bell, and marking as read."""

import re

import pytest
import time_machine

from accounts.models import TeamMembership, User
from notifications.models import Notification
from notifications.selectors import PAGE
from tests.factories import NOON, act, make_ticket
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
URL, BADGE, READ = "/notifications/", "/notifications/badge/", "/notifications/read/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def signed_in(client, desk):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def notices(user, count, ticket):
    """So many notices for somebody."""
    Notification.objects.bulk_create(
        Notification(
            user=user, kind="note_written", key=f"{user.pk}:{n}", ticket=ticket, actor=user, created_at=NOON
        )
        for n in range(count)
    )


def test_a_customer_reads_that_we_answered_and_gets_to_the_ticket(signed_in, desk):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON)
    page = signed_in(desk.customer).get(URL)
    assert page.status_code == 200
    assert "周航" in page.text
    assert f'href="/tickets/{ticket.number}/"' in page.text
    assert "notice--new" in page.text
    assert 'class="site"' in page.text


def test_staff_reads_it_within_the_desk(signed_in, desk):
    make_ticket(desk.customer)
    page = signed_in(desk.engineer).get(URL)
    assert "rail-nav" in page.text
    assert "月结报表看不到" in page.text


def test_strangers_are_sent_to_sign_in(client, desk):
    for address in (URL, BADGE):
        assert client.get(address).status_code == 302
    assert client.post(READ, {"all": "1"}).status_code == 302


def test_nobody_reads_or_marks_the_notices_of_others(signed_in, desk):
    make_ticket(desk.customer)
    mine = Notification.objects.get(user=desk.engineer)
    other = signed_in(desk.engineer2)
    assert "月结报表看不到" not in other.get(URL).text
    other.post(READ, {"id": mine.pk})
    other.post(READ, {"all": "1"})
    mine.refresh_from_db()
    assert mine.read_at is None


def test_a_ticket_out_of_sight_is_neither_named_nor_linked(signed_in, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    act(ticket, "reject", desk.customer, reason="还是空白")
    TeamMembership.objects.filter(user=desk.engineer).delete()
    page = signed_in(desk.engineer).get(URL).text
    assert page.count('<li class="notice') == 2
    for secret in (ticket.number, ticket.subject, "还是空白", "陈静"):
        assert secret not in page


def test_looking_marks_nothing_and_a_post_marks_one(signed_in, desk):
    make_ticket(desk.customer)
    make_ticket(desk.customer)
    client = signed_in(desk.engineer)
    client.get(URL)
    first = Notification.objects.filter(user=desk.engineer).first()
    assert client.post(READ, {"id": first.pk}).status_code == 302
    assert list(Notification.objects.filter(user=desk.engineer).values_list("read_at", flat=True)) == [
        NOON,
        None,
    ]
    assert client.get(READ).status_code == 405


def test_marking_all_answers_htmx_with_the_list_and_the_bell(signed_in, desk):
    make_ticket(desk.customer)
    answer = signed_in(desk.engineer).post(READ, {"all": "1"}, **HTMX)
    assert "<html" not in answer.text
    assert "notice--new" not in answer.text
    assert re.search(r'hx-swap-oob="innerHTML:#notice-badge"><span class="badge" hidden', answer.text)


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "9" * 30, "１"])
def test_nonsense_marks_nothing_and_shows_the_first_page(signed_in, desk, nonsense):
    make_ticket(desk.customer)
    client = signed_in(desk.engineer)
    assert client.post(READ, {"id": nonsense}).status_code == 302
    assert client.get(URL, {"before": nonsense}).status_code == 200
    assert client.get(BADGE, {"since": nonsense}).status_code == 200
    assert Notification.objects.filter(user=desk.engineer, read_at=None).count() == 1


def test_the_bell_counts_what_is_unread_and_no_further_than_99(signed_in, desk):
    ticket = make_ticket(desk.customer)
    client = signed_in(desk.engineer2)
    assert re.search(r'class="badge" hidden', client.get(BADGE).text)
    notices(desk.engineer2, 3, ticket)
    assert re.search(r">3<span", client.get(BADGE).text)
    assert re.search(r">3<span", client.get(URL).text)
    Notification.objects.all().delete()
    notices(desk.engineer2, 120, ticket)
    assert re.search(r">99\+<span", client.get(BADGE).text)


def test_the_bell_tells_what_came_since_it_was_last_asked_and_only_that(signed_in, desk):
    client = signed_in(desk.engineer)
    since = re.search(r"name=\"since\" value=\"(\d+)\"", client.get(BADGE).text).group(1)
    assert since == "0"
    ticket = make_ticket(desk.customer)
    answer = client.get(BADGE, {"since": since})
    assert "data-passing" in answer.text
    assert ticket.number in answer.text
    again = client.get(BADGE, {"since": re.search(r"name=\"since\" value=\"(\d+)\"", answer.text).group(1)})
    assert "data-passing" not in again.text
    client.post(READ, {"all": "1"})
    assert "data-passing" not in client.get(BADGE, {"since": since}).text


def test_every_page_starts_the_bell_at_the_newest_notice(signed_in, desk):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.customer, body="还有一张截图", at=NOON)
    newest = Notification.objects.filter(user=desk.engineer).latest("pk").pk
    client = signed_in(desk.engineer)
    for page in ("/board/", "/tickets/", f"/tickets/{ticket.number}/", "/handbook/", URL):
        bell = client.get(page).text.split('id="notice-badge"')[1]
        assert re.search(r"name=\"since\" value=\"(\d+)\"", bell).group(1) == str(newest), page


def test_fifty_a_page_and_the_rest_behind(signed_in, desk):
    ticket = make_ticket(desk.customer)
    Notification.objects.all().delete()
    notices(desk.engineer, PAGE + 1, ticket)
    client = signed_in(desk.engineer)
    first = client.get(URL)
    assert first.text.count('<li class="notice') == PAGE
    before = re.search(r"before=(\d+)", first.text).group(1)
    second = client.get(URL, {"before": before})
    assert second.text.count('<li class="notice') == 1
    assert "?before=" not in second.text


def test_an_empty_page_says_what_will_be_here(signed_in, desk):
    page = signed_in(desk.stranger).get(URL)
    assert "notices__none" in page.text


def test_language_and_time_zone_are_the_readers(signed_in, desk):
    User.objects.filter(pk=desk.engineer.pk).update(language="en", time_zone="Europe/London")
    make_ticket(desk.customer)
    page = signed_in(desk.engineer).get(URL)
    assert "A new ticket for your team" in page.text
    assert "today 04:00" in page.text


def test_a_page_takes_as_many_queries_for_fifty_notices_as_for_one(
    signed_in, desk, django_assert_max_num_queries
):
    client = signed_in(desk.engineer)
    make_ticket(desk.customer)
    with django_assert_max_num_queries(12) as one:
        client.get(URL)
    for _number in range(10):
        make_ticket(desk.customer)
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(URL)
