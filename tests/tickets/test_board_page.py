"""The engineers' board: what it shows, and what a drop does."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sla.base import load_targets
from sla.services.enforcing import sweep
from tests.factories import NOON, act, change_between_reads, make_desk, make_ticket
from tickets.models import HistoryEntry, Ticket
from tickets.services.replying import reply
from tickets.triage import Impact
from tickets.views.board_screen import FIRST_CARDS

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
URGENT = {"impact": Impact(production_down="full")}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(settings):
    settings.FILINGS_PER_HOUR = 1000
    load_targets()
    desk = make_desk()
    desk.engineer.language = "en"
    desk.engineer.save()
    with time_machine.travel(NOON + 10 * MINUTE, tick=False):
        yield desk


@pytest.fixture
def engineer(client, desk):
    client.force_login(desk.engineer)
    return client


def numbers(page, status=None):
    """The numbers of the cards in the order of the page; of one column, if given."""
    text = page.text
    if status:
        text = re.search(rf'<ul class="cell[^>]*data-status="{status}".*?</ul>', text, re.DOTALL).group()
    return re.findall(r'class="card[^>]*data-number="(LD-\d+)"', text)


def counts(page):
    data = re.search(r'data-counts="([^"]*)"', page.text).group(1)
    return json.loads(data.replace("&quot;", '"'))


def drop(client, ticket, to, query="", **fields):
    data = {"to": to, "version": ticket.version, **fields}
    return client.post(f"/board/cards/{ticket.number}/move/{query}", data, headers=HTMX)


def test_a_customer_finds_no_board(client, desk):
    ticket = make_ticket(desk.customer)
    client.force_login(desk.colleague)
    for path in ("/board/", f"/board/cards/{ticket.number}/", "/tickets/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/board/cards/{ticket.number}/move/", {"to": "assigned"}).status_code == 404


def test_who_is_not_signed_in_is_sent_to_the_door(client, desk):
    assert client.get("/board/").status_code == 302


def test_each_status_has_its_column_and_its_number(engineer, desk):
    new, taken = make_ticket(desk.customer), act(make_ticket(desk.customer), "take", desk.engineer)
    page = engineer.get("/board/")
    assert numbers(page, "new") == [new.number]
    assert numbers(page, "in_progress") == [taken.number]
    assert (counts(page)["column-new"], counts(page)["column-in_progress"], counts(page)["open"]) == (1, 1, 2)


def test_only_the_tickets_of_the_own_teams_are_shown(engineer, desk):
    make_ticket(desk.customer, module="platform")
    assert numbers(engineer.get("/board/")) == []


def test_what_falls_due_first_is_on_top_and_what_is_overdue_above_all(engineer, desk):
    later = make_ticket(desk.customer, category="how-to")
    soon = make_ticket(desk.customer, **URGENT)
    overdue = make_ticket(desk.customer, at=NOON - 2 * HOUR, **URGENT)
    sweep(at=NOON)
    page = engineer.get("/board/")
    assert numbers(page, "new") == [overdue.number, soon.number, later.number]
    late = re.search(
        rf'<li class="card card--late"[^>]*data-number="{overdue.number}".*?</li>', page.text, re.S
    )
    assert "clock--breach" in late.group()
    assert page.text.count("card--late") == 1
    assert counts(page)["overdue"] == 1


def test_a_ticket_with_nothing_due_is_shown_below_the_others(engineer, desk):
    waiting = act(make_ticket(desk.customer), "take", desk.engineer)
    reply(ticket_id=waiting.pk, author=desk.engineer, body="请发日志", at=NOON)
    act(waiting, "wait_customer", desk.engineer)
    due = act(make_ticket(desk.customer, category="how-to"), "take", desk.engineer)
    act(due, "wait_customer", desk.engineer)
    page = engineer.get("/board/")
    assert numbers(page, "waiting_customer") == [due.number, waiting.number]
    assert "Paused" in page.text


def test_the_clock_shown_is_the_one_that_falls_due_next(engineer, desk):
    ticket = make_ticket(desk.customer, **URGENT)
    assert f'datetime="{(NOON + HOUR).isoformat()}" data-due' in engineer.get("/board/").text
    reply(ticket_id=ticket.pk, author=desk.engineer, body="在看", at=NOON)
    assert f'datetime="{(NOON + 8 * HOUR).isoformat()}" data-due' in engineer.get("/board/").text


def test_a_card_knows_the_columns_it_may_go_to(engineer, desk):
    make_ticket(desk.customer)
    assert 'data-to="assigned in_progress"' in engineer.get("/board/").text


def test_who_filed_a_ticket_of_another_team_sees_the_card_but_cannot_move_it(engineer, desk):
    ticket = make_ticket(desk.engineer, module="platform")
    assert 'data-to=""' in engineer.get("/board/").text
    assert drop(engineer, ticket, "in_progress").status_code == 403


def test_the_views_narrow_the_board_and_keep_the_other_filters(engineer, desk):
    mine = act(make_ticket(desk.customer, **URGENT), "take", desk.engineer)
    others = act(make_ticket(desk.customer, **URGENT), "take", desk.manager)
    nobodys = make_ticket(desk.customer)
    assert numbers(engineer.get("/board/?view=mine")) == [mine.number]
    assert numbers(engineer.get("/board/?view=unassigned")) == [nobodys.number]
    page = engineer.get("/board/?tier=urgent")
    assert numbers(page) == [mine.number, others.number]
    assert 'href="?tier=urgent&amp;view=mine"' in page.text
    assert len(numbers(engineer.get("/board/?view=nonsense&tier=vip"))) == 3


def test_due_today_means_before_midnight_where_the_reader_is(engineer, desk):
    # 12:10 in Shanghai: 3 hours before its midnight is still today, a day later is not.
    today = make_ticket(desk.customer, **URGENT)
    make_ticket(desk.customer)
    page = engineer.get("/board/?view=today")
    assert numbers(page) == [today.number]
    desk.engineer.time_zone = "Pacific/Kiritimati"  # 18:10 there
    desk.engineer.save()
    at_night = make_ticket(desk.customer, at=NOON - 19 * HOUR)  # falls due 23:00 there
    assert numbers(engineer.get("/board/?view=today")) == [today.number, at_night.number]


def test_lanes_part_the_board_by_tier(engineer, desk):
    urgent, general = make_ticket(desk.customer, **URGENT), make_ticket(desk.customer)
    page = engineer.get("/board/?lanes=tier")
    lanes = re.findall(r'<section class="lane".*?</section>', page.text, re.DOTALL)
    assert [re.findall(r'data-number="(LD-\d+)"', lane) for lane in lanes] == [
        [urgent.number], [general.number], [],
    ]  # fmt: skip


def test_an_empty_board_says_what_to_do(engineer, desk):
    assert "The board is clear." in engineer.get("/board/").text
    page = engineer.get("/board/?q=nothing")
    assert "Nothing matches these filters." in page.text


def test_a_full_column_goes_on_behind_a_cursor(engineer, desk):
    tickets = [make_ticket(desk.customer, at=NOON + n * MINUTE) for n in range(FIRST_CARDS + 3)]
    page = engineer.get("/board/")
    assert len(numbers(page, "new")) == FIRST_CARDS
    assert counts(page)["column-new"] == len(tickets)
    link = re.search(r'cell__more.*?hx-get="([^"]*)"', page.text).group(1).replace("&amp;", "&")
    rest = engineer.get("/board/" + link, headers=HTMX)
    assert numbers(rest) == [ticket.number for ticket in tickets[FIRST_CARDS:]]
    assert "hx-get" not in rest.text
    assert "<html" not in rest.text


def test_what_has_nothing_due_comes_behind_the_cursor_too(engineer, desk):
    tickets = [make_ticket(desk.customer) for _ in range(FIRST_CARDS + 2)]
    Ticket.objects.filter(pk__in=[t.pk for t in tickets[3:]]).update(next_due_at=None)
    page = engineer.get("/board/")
    link = re.search(r'cell__more.*?hx-get="([^"]*)"', page.text).group(1).replace("&amp;", "&")
    rest = engineer.get("/board/" + link, headers=HTMX)
    assert numbers(page, "new") + numbers(rest) == [ticket.number for ticket in tickets]


@pytest.mark.parametrize("after", ["x", "-", "1", "-1-1", "99999999999999999999-1"])
def test_a_made_up_cursor_is_not_found(engineer, desk, after):
    assert engineer.get(f"/board/?column=new&after={after}", headers=HTMX).status_code == 404


def test_an_open_page_gets_the_columns_alone_and_as_deep_as_it_is(engineer, desk):
    for _ in range(FIRST_CARDS + 1):
        make_ticket(desk.customer)
    page = engineer.get("/board/?depth=100", headers=HTMX)
    assert "<html" not in page.text
    assert len(numbers(page)) == FIRST_CARDS + 1


def test_what_changes_while_the_board_is_made_is_not_taken_for_shown(engineer, desk):
    ticket = make_ticket(desk.customer)
    with change_between_reads("tickets_ticket", lambda: act(ticket, "take", desk.engineer)):
        page = engineer.get("/board/")
    stamp = re.search(r'data-stamp="(\w+)"', page.text).group(1)
    now = engineer.get(f"/board/?stamp={stamp}", headers=HTMX)
    assert now.status_code == 200
    assert 'data-status="in_progress"' in now.text


def test_an_open_page_that_shows_all_there_is_gets_nothing_again(engineer, desk):
    ticket = make_ticket(desk.customer)
    stamp = re.search(r'data-stamp="(\w+)"', engineer.get("/board/").text).group(1)
    assert engineer.get(f"/board/?stamp={stamp}", headers=HTMX).status_code == 204
    Ticket.objects.update(next_due_at=ticket.next_due_at and NOON)
    moved = engineer.get(f"/board/?stamp={stamp}", headers=HTMX)
    assert moved.status_code == 200
    stamp = re.search(r'data-stamp="(\w+)"', moved.text).group(1)
    act(ticket, "take", desk.engineer)
    assert engineer.get(f"/board/?stamp={stamp}", headers=HTMX).status_code == 200


def test_the_queries_are_as_many_for_thirty_tickets_as_for_one(engineer, desk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert engineer.get("/board/").status_code == 200
        return len(captured)

    act(make_ticket(desk.customer), "take", desk.engineer)
    one = queries()
    for n in range(29):
        make_ticket(desk.customer if n % 2 else desk.stranger, module=("gl", "tax", "fa")[n % 3])
        if n % 2:
            act(Ticket.objects.latest("pk"), "take", desk.engineer)
    assert queries() == one


@pytest.mark.parametrize("who", ["engineer", "admin"])
def test_a_column_is_read_off_its_index_in_the_order_it_is_shown(client, desk, who):
    make_ticket(desk.customer)
    client.force_login(getattr(desk, who))
    with CaptureQueriesContext(connection) as captured:
        client.get("/board/")
    columns = next(query["sql"] for query in captured if "UNION ALL" in query["sql"])
    with connection.cursor() as cursor:
        # With so few rows anything is as cheap: asked is whether the index can do it alone.
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        cursor.execute("EXPLAIN " + columns)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.count("using ticket_board") == 6
    assert "Sort" not in plan


# --- one card -------------------------------------------------------------------------------------------


def test_one_card_comes_with_the_numbers_around_it(engineer, desk):
    ticket = make_ticket(desk.customer)
    page = engineer.get(f"/board/cards/{ticket.number}/")
    assert numbers(page) == [ticket.number]
    assert counts(page)["column-new"] == 1


def test_a_card_that_left_the_board_or_the_filter_comes_as_none(engineer, desk):
    ticket = make_ticket(desk.customer)
    assert numbers(engineer.get(f"/board/cards/{ticket.number}/?tier=urgent")) == []
    act(ticket, "cancel", desk.engineer)
    page = engineer.get(f"/board/cards/{ticket.number}/")
    assert (page.status_code, numbers(page), counts(page)["open"]) == (200, [], 0)


def test_somebody_elses_card_is_not_found(engineer, desk):
    ticket = make_ticket(desk.customer, module="platform")
    assert engineer.get(f"/board/cards/{ticket.number}/").status_code == 404
    assert engineer.get("/board/cards/LD-1/").status_code == 404
    assert drop(engineer, ticket, "in_progress").status_code == 404


def test_a_card_says_who_just_moved_it_but_not_to_that_person(engineer, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.manager, at=NOON + 10 * MINUTE)
    assert "王倩 just moved it" in engineer.get(f"/board/cards/{ticket.number}/").text
    act(ticket, "wait_vendor", desk.engineer, at=NOON + 10 * MINUTE)
    assert "just moved it" not in engineer.get(f"/board/cards/{ticket.number}/").text


# --- a drop ---------------------------------------------------------------------------------------------


def test_a_drop_takes_the_step_it_means_through_the_service(engineer, desk):
    ticket = make_ticket(desk.customer)
    page = drop(engineer, ticket, "in_progress")
    assert page.status_code == 200
    assert (counts(page)["column-new"], counts(page)["column-in_progress"]) == (0, 1)
    assert 'data-status="in_progress"' in page.text
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == ("in_progress", desk.engineer)
    assert HistoryEntry.objects.filter(ticket=ticket, event="take", actor=desk.engineer).exists()


def test_a_drop_on_resolved_asks_for_the_text_and_takes_it(engineer, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    asked = drop(engineer, ticket, "resolved")
    assert asked.status_code == 422
    assert 'name="resolution"' in asked.text
    assert "Say how it was solved" not in asked.text
    empty = drop(engineer, ticket, "resolved", resolution=" ")
    assert empty.status_code == 422
    assert "Say how it was solved" in empty.text
    assert Ticket.objects.get().status == "in_progress"
    assert drop(engineer, ticket, "resolved", resolution="重启后正常").status_code == 200
    assert (Ticket.objects.get().status, Ticket.objects.get().resolution) == ("resolved", "重启后正常")


def test_a_drop_on_assigned_asks_for_somebody_of_the_team(engineer, desk):
    ticket = make_ticket(desk.customer)
    asked = drop(engineer, ticket, "assigned")
    assert asked.status_code == 422
    assert desk.manager.name in asked.text
    assert desk.engineer2.name not in asked.text
    assert drop(engineer, ticket, "assigned", assignee=desk.engineer2.pk).status_code == 422
    assert drop(engineer, ticket, "assigned", assignee=desk.manager.pk).status_code == 200
    assert Ticket.objects.get().assignee == desk.manager


def test_a_drop_back_on_assigned_hands_over_to_another_team_and_leaves_the_board(engineer, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    assert 'value="platform"' in drop(engineer, ticket, "assigned").text
    page = drop(engineer, ticket, "assigned", team="platform", note="像是数据库的问题")
    assert (page.status_code, numbers(page)) == (200, [])
    assert Ticket.objects.get().team.code == "platform"


@pytest.mark.parametrize(
    ("steps", "to", "why"),
    [
        (["take"], "new", "does not go back to “New”"),
        ([], "waiting_customer", "Take the ticket up first"),
        (["take", "wait_customer"], "waiting_vendor", "Go on with the ticket first"),
    ],
)
def test_a_drop_that_means_nothing_says_why_and_shows_the_card_as_it_is(engineer, desk, steps, to, why):
    ticket = make_ticket(desk.customer)
    for step in steps:
        ticket = act(ticket, step, desk.engineer)
    page = drop(engineer, ticket, to)
    assert page.status_code == 409
    assert why in page.text
    assert numbers(page) == [ticket.number]
    assert Ticket.objects.get().version == ticket.version


def test_a_column_that_does_not_exist_is_not_found(engineer, desk):
    ticket = make_ticket(desk.customer)
    assert drop(engineer, ticket, "closed").status_code == 404
    assert drop(engineer, ticket, "").status_code == 404


@pytest.mark.parametrize("version", ["", "0", "x", "1.0"])
def test_a_drop_without_the_present_version_is_refused(engineer, desk, version):
    ticket = make_ticket(desk.customer)
    assert drop(engineer, ticket, "in_progress", version=version).status_code == 409
    assert Ticket.objects.get().status == "new"


def test_of_two_who_drag_the_same_card_the_second_is_told_and_sees_where_it_is(engineer, desk):
    ticket = make_ticket(desk.customer)
    second = Client()
    desk.manager.language = "en"
    desk.manager.save()
    second.force_login(desk.manager)
    assert drop(engineer, ticket, "in_progress").status_code == 200
    page = drop(second, ticket, "in_progress")
    assert page.status_code == 409
    assert "was changed by someone else meanwhile" in page.text
    assert 'data-status="in_progress"' in page.text
    assert 'data-version="2"' in page.text
    assert Ticket.objects.get().assignee == desk.engineer


def test_a_card_that_leaves_the_view_by_its_move_comes_as_none(engineer, desk):
    ticket = make_ticket(desk.customer)
    page = drop(engineer, ticket, "in_progress", query="?view=unassigned")
    assert (page.status_code, numbers(page), counts(page)["column-new"]) == (200, [], 0)


def test_limits_count_the_people_shown_and_vanish_under_other_filters(engineer, desk):
    # Engineer and manager work in the general ledger team: five each in progress.
    assert 'data-status="in_progress" data-limit="10"' in engineer.get("/board/?team=gl").text
    assert 'data-status="in_progress" data-limit="5"' in engineer.get("/board/?view=mine").text
    assert "data-limit" not in engineer.get("/board/?tier=urgent").text


def test_the_board_changes_only_by_post(engineer, desk):
    ticket = make_ticket(desk.customer)
    assert engineer.get(f"/board/cards/{ticket.number}/move/").status_code == 405
    assert engineer.post("/board/").status_code == 405
