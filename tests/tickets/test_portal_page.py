"""A customer's home."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Ticket
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk():
    with time_machine.travel(NOON, tick=False):
        desk = make_desk()
        User.objects.update(language="en")
        for person in desk.people().values():
            person.refresh_from_db()
        yield desk


def resolved(desk, requester=None, **fields) -> Ticket:
    ticket = act(make_ticket(requester or desk.customer, **fields), "take", desk.engineer)
    return act(ticket, "resolve", desk.engineer, resolution="取数公式已改回。")


def closed(desk, requester=None, **fields) -> Ticket:
    ticket = resolved(desk, requester, **fields)
    return act(ticket, "confirm", ticket.requester)


def look(client, user, **params):
    client.force_login(user)
    return client.get("/portal/", params)


def part(client, user, name, **params):
    client.force_login(user)
    return client.get("/portal/", {"part": name, **params}, headers=HTMX).text


def test_own_tickets_stand_there_with_their_promise_and_their_way(client, desk):
    ticket = make_ticket(desk.customer)
    page = look(client, desk.customer).text
    assert f'href="/tickets/{ticket.number}/"' in page
    assert "We answer you by <b><time" in page
    assert "tomorrow 12:00" in page
    assert '<li class="is-now" aria-current="step">' in page


def test_what_asks_for_the_customer_stands_on_top(client, desk):
    still = make_ticket(desk.customer, subject="还在处理")
    waiting = act(make_ticket(desk.customer, subject="等材料"), "take", desk.engineer)
    reply(ticket_id=waiting.pk, author=desk.engineer, body="请发 **10 月**明细账", at=NOON)
    act(waiting, "wait_customer", desk.engineer)
    done = resolved(desk, subject="已处理好")
    page = look(client, desk.customer).text
    cards = [page.index(f'id="ticket-{ticket.pk}"') for ticket in (done, waiting, still)]
    assert cards == sorted(cards)
    assert "请发 10 月明细账" in page
    assert "取数公式已改回。" in page


def test_a_resolved_ticket_is_confirmed_from_its_card(client, desk):
    ticket = resolved(desk)
    page = look(client, desk.customer).text
    form = page[page.index("tick__acts") : page.index("</form>", page.index("tick__acts"))]
    assert f'action="{reverse("ticket-transition", args=[ticket.number])}"' in form
    assert 'name="action" value="confirm"' in form
    assert f'name="version" value="{ticket.version}"' in form
    assert "?action=reject" in form


def test_the_promised_moments_stand_in_their_order_by_day(client, desk):
    make_ticket(desk.customer, subject="系统慢")
    resolved(desk, subject="申报表取数为 0")
    page = look(client, desk.customer).text
    following = page[page.index('id="next"') :]
    moments = [following.index(words) for words in ("tomorrow", "Mar 7", "Mar 8", "申报表取数为 0")]
    assert moments == sorted(moments)


def test_a_moment_that_has_passed_is_called_late(client, desk):
    make_ticket(desk.customer, at=NOON - 25 * HOUR)
    page = look(client, desk.customer).text
    assert '<b class="next__late">late</b>' in page
    assert "promise--late" in page


def test_nothing_of_others_is_shown(client, desk):
    make_ticket(desk.stranger, subject="别家的事")
    make_ticket(desk.colleague, subject="同事的事")
    closed(desk, desk.colleague, subject="同事办完的事")
    page = look(client, desk.customer).text
    assert "别家的事" not in page
    assert "同事" not in page


def test_a_contact_manager_sees_the_organisation_by_stage_with_names(client, desk):
    make_ticket(desk.customer, subject="新来的")
    act(make_ticket(desk.customer, subject="在处理的"), "take", desk.engineer)
    resolved(desk, subject="等确认的")
    make_ticket(desk.stranger, subject="别家的事")
    page = look(client, desk.colleague).text
    lanes = [page.index(f'id="lane-{code}"') for code in ("accepted", "working", "yours", "confirm")]
    tickets = [page.index(subject) for subject in ("新来的", "在处理的", "等确认的")]
    assert lanes[0] < tickets[0] < lanes[1] < tickets[1] < lanes[2] < lanes[3] < tickets[2]
    assert "<span>陈静</span>" in page
    assert "别家的事" not in page
    assert 'id="org"' not in look(client, desk.customer).text


def test_a_full_lane_says_how_many_more_there_are(client, desk):
    for number in range(22):
        make_ticket(desk.customer, subject=f"第 {number} 件", at=NOON - 2 * HOUR)
    page = look(client, desk.colleague).text
    assert page.count('class="mini"') == 20
    assert "and 2 more" in page


def test_what_has_ended_is_paged_newest_first(client, desk):
    tickets = [closed(desk, subject=f"办完 {number}") for number in range(21)]
    act(make_ticket(desk.customer, subject="撤了"), "cancel", desk.customer)
    page = look(client, desk.customer).text
    assert page.index("撤了") < page.index("办完 20") < page.index("办完 2<")
    assert "办完 1<" not in page
    cursor = tickets[2].pk
    assert f"?before={cursor}" in page
    rest = part(client, desk.customer, "ended", before=cursor)
    assert "<html" not in rest
    assert [f"办完 {number}<" in rest for number in (2, 1, 0)] == [False, True, True]
    assert "before=" not in rest
    assert look(client, desk.customer, before="x").status_code == 404


def test_the_search_finds_numbers_words_and_leads_on(client, desk):
    ticket = make_ticket(desk.customer, subject="反结账失败")
    make_ticket(desk.stranger, subject="反结账失败，别家")
    for q in ("反结账", ticket.number):
        page = look(client, desk.customer, q=q).text
        hits = page[page.index('id="hits"') : page.index('id="next"')]
        assert f'href="/tickets/{ticket.number}/"' in hits
        assert "别家" not in hits
    assert "subject=%E5%8F%8D%E7%BB%93%E8%B4%A6" in look(client, desk.customer, q="反结账").text


def test_a_search_for_nothing_or_markup_is_harmless(client, desk):
    page = look(client, desk.customer, q="<script>x").text
    assert "<script>x" not in page
    assert "Nothing found for" in page
    assert look(client, desk.customer, q="\t").status_code == 200
    assert look(client, desk.customer, q="长" * 5000).status_code == 200


def test_the_moving_part_comes_alone_and_brings_the_promises_along(client, desk):
    make_ticket(desk.customer)
    moving = part(client, desk.customer, "live")
    assert "<html" not in moving
    assert 'id="next" aria-labelledby="next-h" hx-swap-oob="true"' in moving
    assert "hx-swap-oob" not in look(client, desk.customer).text
    # Without htmx there is the whole page, whatever the address says.
    assert "<html" in look(client, desk.customer, part="live").text


def test_hits_come_alone_while_typing(client, desk):
    make_ticket(desk.customer, subject="反结账失败")
    hits = part(client, desk.customer, "hits", q="反结账")
    assert "<html" not in hits
    assert "反结账" in hits


def test_an_empty_home_teaches_how_to_file(client, desk):
    page = look(client, desk.customer).text
    assert "Search first" in page
    assert 'id="mine-h"' not in page
    assert 'id="ended"' not in page


def test_staff_has_the_board_instead(client, desk):
    for user in (desk.engineer, desk.manager, desk.admin):
        assert look(client, user).url == reverse("board")


def test_someone_signed_out_gets_the_sign_in_page_and_no_part_of_it(client, db):
    assert client.get("/portal/").url.startswith("/accounts/login/")
    assert client.get("/portal/", {"part": "live"}, headers=HTMX).status_code == 401


@pytest.mark.parametrize("role", ["customer", "colleague"])
def test_the_database_is_asked_as_much_with_many_tickets(client, desk, role, django_assert_max_num_queries):
    user = desk.people()[role]

    def fill():
        make_ticket(user, at=NOON - 2 * HOUR)
        waiting = act(make_ticket(user, at=NOON - 2 * HOUR), "take", desk.engineer)
        act(waiting, "wait_customer", desk.engineer)
        resolved(desk, user, at=NOON - 2 * HOUR)
        closed(desk, user, at=NOON - 2 * HOUR)

    fill()
    client.force_login(user)
    client.get("/portal/", {"q": "月结"})
    with django_assert_max_num_queries(21) as few:
        client.get("/portal/", {"q": "月结"})
    for _ in range(5):
        fill()
    with django_assert_max_num_queries(len(few)):
        client.get("/portal/", {"q": "月结"})
