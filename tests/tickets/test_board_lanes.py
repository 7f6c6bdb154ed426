"""Lanes of the board: which there are, what stands in them, and what a drop into another one does."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, TeamMembership
from catalog.models import Product
from sla.base import load_targets
from tests.factories import NOON, act, join, make_desk, make_ticket, make_user
from tickets.laning import MOST, fullest
from tickets.models import HistoryEntry, Ticket
from tickets.services.transition import Inputs, transition

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
BY_PERSON = "/board/?lanes=assignee"


@pytest.fixture
def desk(settings):
    settings.FILINGS_PER_HOUR = 1000
    load_targets()
    desk = make_desk()
    desk.engineer.language = "en"
    desk.engineer.save()
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        yield desk


@pytest.fixture
def engineer(client, desk):
    client.force_login(desk.engineer)
    return client


def lanes(page):
    """The numbers of the cards of each lane by its key, in the order of the page."""
    found = re.findall(
        r'<section class="lane"[^>]*data-lane="(\w*)".*?>(.*?)</section>', page.text, re.DOTALL
    )
    return {key: re.findall(r'class="card[^>]*data-number="(LD-\d+)"', text) for key, text in found}


def held_by(person, desk, **fields):
    ticket = make_ticket(desk.customer, **fields)
    inputs = Inputs(assignee=person)
    return transition(ticket_id=ticket.pk, action="assign", actor=desk.admin, at=NOON, inputs=inputs)


def drop(client, ticket, to, lane, *, by="assignee", **fields):
    data = {"to": to, "version": ticket.version, "lane": lane, **fields}
    return client.post(f"/board/cards/{ticket.number}/move/?lanes={by}", data, headers=HTMX)


def now(ticket):
    ticket.refresh_from_db()
    return ticket.status, ticket.assignee


# --- which there are ------------------------------------------------------------------------------------


def test_lanes_of_people_begin_with_nobody_and_oneself_and_those_who_hold_nothing_are_folded(engineer, desk):
    nobodys, theirs = make_ticket(desk.customer), held_by(desk.manager, desk)
    page = engineer.get(BY_PERSON)
    assert lanes(page) == {
        "none": [nobodys.number], str(desk.engineer.pk): [], str(desk.manager.pk): [theirs.number],
    }  # fmt: skip
    shown = re.findall(r'aria-expanded="(\w+)" aria-controls="cells-(\w+)"', page.text)
    assert ("false", str(desk.engineer.pk)) in shown
    assert ("true", str(desk.manager.pk)) in shown


def test_who_holds_nothing_stands_below_who_holds_something(engineer, desk):
    desk.engineer2.name, desk.manager.name = "a", "b"
    for person in (desk.engineer2, desk.manager):
        person.save()
        TeamMembership.objects.get_or_create(user=person, team=desk.engineer.memberships.all()[0].team)
    held_by(desk.manager, desk)
    keys = ["none", *(str(person.pk) for person in (desk.engineer, desk.manager, desk.engineer2))]
    assert list(lanes(engineer.get(BY_PERSON))) == keys


def test_who_left_the_team_keeps_a_lane_as_long_as_they_hold_something(engineer, desk):
    ticket = held_by(desk.manager, desk)
    desk.manager.memberships.all().delete()
    assert lanes(engineer.get(BY_PERSON))[str(desk.manager.pk)] == [ticket.number]


def test_where_one_person_is_looked_at_nobody_else_has_a_lane(engineer, desk):
    held_by(desk.manager, desk)
    mine = held_by(desk.engineer, desk)
    assert lanes(engineer.get(f"{BY_PERSON}&view=mine")) == {"none": [], str(desk.engineer.pk): [mine.number]}


def test_a_lane_says_where_its_person_holds_as_much_as_one_should(engineer, desk):
    for _n in range(5):
        act(make_ticket(desk.customer), "take", desk.engineer)
    held_by(desk.manager, desk)
    page = engineer.get(BY_PERSON).text
    loads = re.findall(
        r'class="lane__load" data-limit="(\d+)"( hidden)?>(\w+[ \w]*) <b data-n="held-(\d+)-', page
    )
    assert ("5", "", "In progress", str(desk.engineer.pk)) in loads
    assert ("8", " hidden", "Assigned", str(desk.manager.pk)) in loads
    assert "lane__load" not in engineer.get(f"{BY_PERSON}&tier=urgent").text


def test_lanes_of_products_end_with_what_has_none(engineer, desk):
    with_one, without = make_ticket(desk.customer), make_ticket(desk.customer)
    Ticket.objects.filter(pk=without.pk).update(product=None)
    page = engineer.get("/board/?lanes=product")
    assert lanes(page) == {str(with_one.product_id): [with_one.number], "none": [without.number]}
    assert Product.objects.get(pk=with_one.product_id).name_en in page.text


def test_beyond_forty_people_the_others_stand_together_and_the_page_says_so(engineer, desk):
    people = [make_user(f"e{n}@bench.example", Role.ENGINEER, password=None) for n in range(MOST + 2)]
    for person in people:
        join(person, "gl")
    tickets = [make_ticket(desk.customer, at=NOON + timedelta(seconds=n)) for n in range(len(people) + 1)]
    for ticket, person in zip(tickets, [*people, people[0]], strict=True):
        Ticket.objects.filter(pk=ticket.pk).update(status="assigned", assignee=person)
    page = engineer.get(BY_PERSON)
    assert len(lanes(page)) == MOST + 2  # nobody's and the others'
    assert "The 40 people with the most tickets" in page.text
    others = lanes(engineer.get(f"{BY_PERSON}&lane=others", headers=HTMX))["others"]
    assert others == [tickets[MOST].number, tickets[MOST + 1].number]


def test_the_fullest_lanes_are_chosen_and_of_equal_ones_the_older():
    assert fullest({"none": 9, "10": 2, "9": 2, "3": 5, "4": 0}, 2) == ["3", "9"]


def test_the_queries_are_as_many_for_six_lanes_as_for_one(engineer, desk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert engineer.get(BY_PERSON).status_code == 200
        return len(captured)

    first = held_by(desk.engineer, desk)
    one = queries()
    for n in range(5):
        person = make_user(f"e{n}@bench.example", Role.ENGINEER, password=None)
        join(person, first.team.code)
        held_by(person, desk)
    assert queries() == one


@pytest.mark.parametrize(
    ("by", "index"), [("assignee", "ticket_board_assignee"), ("product", "ticket_board_product")]
)
def test_the_cells_of_a_lane_are_read_off_its_index(engineer, desk, by, index):
    held_by(desk.engineer, desk)
    with CaptureQueriesContext(connection) as captured:
        engineer.get(f"/board/?lanes={by}")
    cells = next(query["sql"] for query in captured if "ARRAY(SELECT" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        cursor.execute("EXPLAIN " + cells)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.count(f"using {index}") == 6
    assert "Sort" not in plan


def test_a_folded_lane_comes_without_its_cards_and_fetches_them_when_it_is_opened(engineer, desk):
    ticket = held_by(desk.manager, desk)
    engineer.cookies["desk_folded"] = f"assignee-{desk.manager.pk}.tier-urgent"
    page = engineer.get(BY_PERSON)
    assert lanes(page)[str(desk.manager.pk)] == []
    assert f'data-n="lane-{desk.manager.pk}">1<' in page.text
    lane = engineer.get(f"{BY_PERSON}&lane={desk.manager.pk}", headers=HTMX)
    assert lanes(lane) == {str(desk.manager.pk): [ticket.number]}
    assert "<html" not in lane.text
    assert engineer.get(f"{BY_PERSON}&lane=0", headers=HTMX).status_code == 404


def test_a_card_fetched_alone_knows_its_lane(engineer, desk):
    ticket = held_by(desk.manager, desk)
    page = engineer.get(f"/board/cards/{ticket.number}/?lanes=assignee")
    assert f'data-lane="{desk.manager.pk}"' in page.text


# --- a drop into another lane ---------------------------------------------------------------------------


def test_a_drop_into_somebodys_lane_assigns_it_to_them(engineer, desk):
    ticket = held_by(desk.engineer, desk)
    page = drop(engineer, ticket, "assigned", desk.manager.pk)
    assert page.status_code == 200
    assert f'data-lane="{desk.manager.pk}"' in page.text
    assert now(ticket) == ("assigned", desk.manager)
    row = HistoryEntry.objects.filter(ticket=ticket, field="assignee").latest("pk")
    assert (row.event, row.old, row.new, row.actor) == (
        "assign",
        desk.engineer.pk,
        desk.manager.pk,
        desk.engineer,
    )


def test_a_new_ticket_put_straight_down_into_a_lane_is_assigned(engineer, desk):
    ticket = make_ticket(desk.customer)
    assert drop(engineer, ticket, "new", desk.manager.pk).status_code == 200
    assert now(ticket) == ("assigned", desk.manager)


def test_who_puts_a_ticket_in_progress_in_the_own_lane_takes_it(engineer, desk):
    ticket = make_ticket(desk.customer)
    assert drop(engineer, ticket, "in_progress", desk.engineer.pk).status_code == 200
    assert now(ticket) == ("in_progress", desk.engineer)
    assert HistoryEntry.objects.filter(ticket=ticket, event="take").exists()


def test_another_column_and_another_person_are_two_steps_or_none(engineer, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    asked = drop(engineer, ticket, "resolved", desk.manager.pk)
    assert asked.status_code == 422
    assert f'name="lane" value="{desk.manager.pk}"' in asked.text
    assert now(ticket) == ("in_progress", desk.engineer)
    assert drop(engineer, ticket, "resolved", desk.engineer2.pk, resolution="好了").status_code == 422
    assert now(ticket) == ("in_progress", desk.engineer)
    assert drop(engineer, ticket, "resolved", desk.manager.pk, resolution="好了").status_code == 200
    assert now(ticket) == ("resolved", desk.manager)


@pytest.mark.parametrize(
    ("to", "lane", "why"),
    [
        ("in_progress", "none", "A ticket stays with somebody"),
        ("in_progress", "others", "nobody to give a ticket to"),
        ("in_progress", "engineer2", "does not work in the ticket"),
        ("assigned", "manager", "do not go together"),
        ("new", "manager", "does not go back to “New”"),
    ],
)
def test_a_drop_that_gives_it_to_nobody_says_why_and_changes_nothing(engineer, desk, to, lane, why):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    page = drop(engineer, ticket, to, desk.people()[lane].pk if lane in desk.people() else lane)
    assert page.status_code == 409
    assert why in page.text
    assert f'data-lane="{desk.engineer.pk}"' in page.text
    assert now(ticket) == ("in_progress", desk.engineer)


def test_of_two_who_give_the_same_card_away_the_second_is_told(engineer, desk):
    ticket = held_by(desk.engineer, desk)
    assert drop(engineer, ticket, "assigned", desk.manager.pk).status_code == 200
    page = drop(engineer, ticket, "assigned", desk.engineer.pk)
    assert page.status_code == 409
    assert "changed by someone else meanwhile" in page.text


def test_a_made_up_lane_is_not_found(engineer, desk):
    ticket = held_by(desk.engineer, desk)
    for lane in ("0", "x", "²"):
        assert drop(engineer, ticket, "assigned", lane).status_code == 404
    assert drop(engineer, ticket, "assigned", "vip", by="tier").status_code == 404


def test_a_drop_into_another_tier_asks_why_with_the_tier_filled_in(engineer, desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    asked = drop(engineer, ticket, "in_progress", "urgent", by="tier")
    assert asked.status_code == 422
    assert re.search(r'value="urgent"[^>]*checked', asked.text)
    both = drop(engineer, ticket, "waiting_vendor", "urgent", by="tier")
    assert (both.status_code, "One thing at a time" in both.text) == (409, True)
    page = drop(engineer, ticket, "in_progress", "urgent", by="tier", tier="urgent", note="月结停了")
    assert page.status_code == 200
    assert 'data-lane="urgent"' in page.text
    assert Ticket.objects.get().tier == "urgent"


def test_a_drop_into_another_product_puts_it_right_and_one_into_the_others_says_why(engineer, desk):
    ticket = make_ticket(desk.customer)
    other = Product.objects.exclude(pk=ticket.product_id).first()
    both = drop(engineer, ticket, "in_progress", other.pk, by="product")
    assert (both.status_code, "One thing at a time" in both.text) == (409, True)
    refused = drop(engineer, ticket, "new", "others", by="product")
    assert (refused.status_code, "is no product" in refused.text) == (409, True)
    page = drop(engineer, ticket, "new", other.pk, by="product")
    assert page.status_code == 200
    assert f'data-lane="{other.pk}"' in page.text
    ticket.refresh_from_db()
    assert (ticket.product, ticket.status) == (other, "new")
    assert HistoryEntry.objects.filter(ticket=ticket, event="described", field="product").exists()
    assert drop(engineer, ticket, "new", "none", by="product").status_code == 200
    assert Ticket.objects.get().product is None
