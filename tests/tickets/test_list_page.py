"""The list of tickets."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sla.base import load_targets
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.filters import Filters
from tickets.models import Ticket
from tickets.selectors import PAGE, ticket_page
from tickets.triage import Impact
from tickets.vocabulary import Tier

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(settings):
    settings.FILINGS_PER_HOUR = 1000
    load_targets()
    desk = make_desk()
    desk.engineer.language = "en"
    desk.engineer.save()
    with time_machine.travel(NOON, tick=False):
        yield desk


@pytest.fixture
def engineer(client, desk):
    client.force_login(desk.engineer)
    return client


def rows(page):
    return re.findall(r'<td class="list__no">(LD-\d+)</td>', page.text)


def follow(client, page):
    link = re.search(r'href="([^"]*)" rel="next"', page.text).group(1).replace("&amp;", "&")
    return client.get("/tickets/" + link)


def test_everything_is_listed_newest_first_the_ended_included(engineer, desk):
    first, second = make_ticket(desk.customer), make_ticket(desk.customer)
    act(second, "cancel", desk.engineer)
    make_ticket(desk.customer, module="platform")
    page = engineer.get("/tickets/")
    assert rows(page) == [second.number, first.number]
    assert "2 tickets" in page.text


def test_due_first_puts_what_has_nothing_due_last(engineer, desk):
    ended = act(make_ticket(desk.customer), "cancel", desk.engineer)
    general = make_ticket(desk.customer)
    urgent = make_ticket(desk.customer, impact=Impact(production_down="full"))
    assert rows(engineer.get("/tickets/?sort=due")) == [urgent.number, general.number, ended.number]


def test_an_unknown_order_is_the_usual_one(engineer, desk):
    tickets = [make_ticket(desk.customer) for _ in range(2)]
    assert rows(engineer.get("/tickets/?sort=subject")) == [t.number for t in reversed(tickets)]


@pytest.mark.parametrize("sort", ["", "due"])
def test_pages_follow_each_other_without_gap_or_repetition(engineer, desk, sort):
    tickets = [make_ticket(desk.customer, at=NOON + n * MINUTE) for n in range(PAGE + 5)]
    # Some have nothing due: the second page begins among those that have, and goes on with the others.
    Ticket.objects.filter(pk__in=[t.pk for t in tickets[-3:]]).update(next_due_at=None)
    expected = [t.number for t in tickets]
    if not sort:
        expected.reverse()
    first = engineer.get(f"/tickets/?sort={sort}")
    second = follow(engineer, first)
    assert rows(first) + rows(second) == expected
    assert 'rel="next"' not in second.text
    assert "Back to the beginning" in second.text


def test_pages_of_what_has_nothing_due_follow_each_other(engineer, desk):
    tickets = [make_ticket(desk.customer) for _ in range(PAGE + 2)]
    Ticket.objects.update(next_due_at=None)
    first = engineer.get("/tickets/?sort=due")
    assert rows(first) + rows(follow(engineer, first)) == [t.number for t in tickets]


def test_a_ticket_filed_meanwhile_does_not_shift_the_next_page(engineer, desk):
    tickets = [make_ticket(desk.customer) for _ in range(PAGE + 1)]
    first = engineer.get("/tickets/")
    make_ticket(desk.customer)
    assert rows(follow(engineer, first)) == [tickets[0].number]


def test_links_keep_filters_and_order(engineer, desk):
    for _ in range(PAGE + 1):
        make_ticket(desk.customer)
    page = engineer.get("/tickets/?status=open&sort=due")
    link = re.search(r'href="([^"]*)" rel="next"', page.text).group(1)
    assert "status=open" in link
    assert "sort=due" in link


@pytest.mark.parametrize("after", ["x", "9" * 19, "１", "7", "urgent-1", "1-" + "9" * 19])
def test_a_made_up_cursor_is_not_found(engineer, desk, after):
    assert engineer.get("/tickets/", {"after": after}).status_code == 404


@pytest.mark.parametrize("after", ["sometimes-1", "1-1", "urgent-x"])
def test_a_made_up_cursor_of_another_order_is_not_found(engineer, desk, after):
    assert engineer.get("/tickets/", {"after": after, "sort": "tier"}).status_code == 404


KEYS = {
    "number": lambda ticket: (ticket.pk,),
    "created": lambda ticket: (ticket.created_at, ticket.pk),
    "updated": lambda ticket: (ticket.updated_at, ticket.pk),
    "-tier": lambda ticket: (-Tier.values.index(ticket.tier), ticket.pk),
}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("turned", [False, True])
def test_a_sorted_column_goes_on_over_the_pages_whatever_is_the_same_in_it(desk, engineer, name, turned):
    tickets = [make_ticket(desk.customer, at=NOON + (n % 3) * MINUTE) for n in range(8)]
    for n, ticket in enumerate(tickets):
        Ticket.objects.filter(pk=ticket.pk).update(
            tier=Tier.values[n % 3], updated_at=NOON + (n % 2) * MINUTE
        )
    sort = {"number": "", "-tier": "tier"}.get(name, f"-{name}") if turned else name
    expected = sorted(Ticket.objects.all(), key=KEYS[name], reverse=turned)
    found, after = [], ""
    while True:
        page = ticket_page(desk.engineer, Filters(), sort=sort, after=after, size=3)
        found += page.tickets
        after = page.next_cursor
        if not after:
            break
    assert found == expected
    assert rows(engineer.get("/tickets/", {"sort": sort})) == [ticket.number for ticket in expected]


def test_a_head_says_how_the_list_is_sorted_and_turns_it(engineer, desk):
    make_ticket(desk.customer)
    page = engineer.get("/tickets/?sort=tier&status=open").text
    assert 'aria-sort="descending"><a href="?status=open&amp;sort=-tier">Tier' in page
    assert 'aria-sort="ascending"><a href="?sort=tier">Tier' in engineer.get("/tickets/?sort=-tier").text
    assert page.count("aria-sort") == 1


def test_the_tags_on_the_board_are_a_filter_the_most_used_first(engineer, desk):
    for tags in (("audit",), ("audit", "vat"), ()):
        make_ticket(desk.customer, tags=tags)
    make_ticket(desk.customer, module="platform", tags=("hidden",))
    page = engineer.get("/tickets/").text
    assert page.index('href="?tag=audit"') < page.index('href="?tag=vat"')
    assert "hidden</a>" not in page
    assert len(rows(engineer.get("/tickets/?tag=vat"))) == 1
    assert "<b>vat</b>" in engineer.get("/board/?tag=vat").text


def test_an_empty_list_says_what_to_do(engineer, desk):
    assert "No tickets yet." in engineer.get("/tickets/").text
    assert "Nothing matches these filters." in engineer.get("/tickets/?q=nothing").text


def test_a_chosen_filter_is_a_link_that_takes_it_away(engineer, desk):
    page = engineer.get("/tickets/?status=open&team=gl&q=abc")
    assert 'href="?team=gl&amp;q=abc"' in page.text
    assert 'href="?status=open&amp;q=abc"' in page.text
    assert 'href="?status=open&amp;team=gl"' in page.text
    assert '<input type="hidden" name="team" value="gl">' in page.text


def test_what_a_reader_types_is_shown_as_text(engineer, desk):
    page = engineer.get("/tickets/", {"q": '"><script>alert(1)</script>', "organisation": "<b>"})
    assert "<script>alert" not in page.text
    assert "<b><b>" not in page.text


def test_the_queries_are_as_many_for_thirty_tickets_as_for_one(engineer, desk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert engineer.get("/tickets/").status_code == 200
        return len(captured)

    make_ticket(desk.customer)
    one = queries()
    for n in range(29):
        make_ticket(desk.customer if n % 2 else desk.stranger, module=("gl", "tax", "fa")[n % 3])
    assert queries() == one
