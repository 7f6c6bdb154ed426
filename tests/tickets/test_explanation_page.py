"""The timeline of a promise, for the team and for its customers, as page, part and JSON."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from catalog.models import DayKind
from sla.base import load_calendars
from sla.models import Calendar, Clock
from sla.services.calendars import SpecialDay, mark_day
from tests.factories import act, make_desk, make_ticket
from tests.sla.rules import make_policy
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
# A Friday at 16:00 in Shanghai.
FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    with time_machine.travel(FRIDAY, tick=False):
        load_calendars(at=FRIDAY)
        office = Calendar.objects.get(code="office")
        made_up = SpecialDay(date(2026, 3, 7), DayKind.MAKEUP, "盘点")
        mark_day(calendar_id=office.pk, day=made_up, at=FRIDAY)
        # A general question on office hours; the standard policy holds for the rest.
        make_policy(
            "office-hours",
            {("resolution", "general"): 16, ("first_response", "general"): 4},
            calendar="office",
            at=FRIDAY,
        )
        desk = make_desk()
        for person in desk.people().values():
            person.language = "en"
            person.save()
        yield desk


@pytest.fixture
def ticket(desk):
    """Filed on Friday at 16:00; on the make-up Saturday the customer was asked from 10:00 to 11:00."""
    ticket = act(make_ticket(desk.customer, at=FRIDAY), "take", desk.engineer, FRIDAY)
    act(ticket, "wait_customer", desk.engineer, FRIDAY + 18 * HOUR)
    reply(ticket_id=ticket.pk, author=desk.customer, body="好", at=FRIDAY + 19 * HOUR)
    ticket.refresh_from_db()
    return ticket


def url(ticket, metric="resolution", cycle=1) -> str:
    return f"/tickets/LD-{ticket.pk}/clocks/{metric}/{cycle}/"


def get(user, address, headers=None):
    client = Client()
    client.force_login(user)
    return client.get(address, headers=headers or {})


def test_agents_read_day_by_day_what_counted(desk, ticket):
    page = get(desk.engineer, url(ticket)).text
    order = [
        "Fri 6 Mar 2026 16:00", "Filed", "Promised (General): Resolution within 16 h of “Office hours”",
        "Fri 6 Mar", "16:00–18:00 counts 2 h",
        "Sat 7 Mar", "make-up workday: 盘点", "09:00–10:00 counts 1 h",
        "10:00–11:00 paused, the customer was asked: 1 h later", "11:00–12:00 counts 1 h",
        "12:00–13:30 lunch, not counted", "13:30–18:00 counts 4 h 30 min",
        "Sun 8 Mar", "Days off, not counted",
        "Mon 9 Mar", "Mon 9 Mar 18:00", "Due",
    ]  # fmt: skip
    at = 0
    for text in order:
        assert text in page[at:], text
        at = page.index(text, at)


def test_customers_read_it_in_plain_words(desk, ticket):
    page = get(desk.customer, url(ticket)).text
    assert "10:00–11:00 paused while we waited for your answer: 1 h later" in page
    assert "the customer was asked" not in page
    assert 'class="roomy"' in page


def test_a_chinese_reader_gets_it_in_chinese(desk, ticket):
    desk.customer.language = "zh-hans"
    desk.customer.save()
    page = get(desk.customer, url(ticket)).text
    for text in ("周五 3月6日", "16:00–18:00 计 2 小时", "12:00–13:30 午休，不计", "调休上班：盘点"):
        assert text in page, text


def test_a_part_of_the_page_is_the_timeline_alone(desk, ticket):
    part = get(desk.customer, url(ticket), HTMX).text
    assert part.startswith('<ol class="timeline">')
    own = get(desk.customer, f"/tickets/LD-{ticket.pk}/").text
    assert f'hx-get="{url(ticket)}"' in own


@pytest.mark.parametrize("path", ["nothing/1/", "resolution/2/", "resolution/99999999999999999999/"])
def test_a_promise_that_is_not_there_is_not_found(desk, ticket, path):
    assert get(desk.engineer, f"/tickets/LD-{ticket.pk}/clocks/{path}").status_code == 404
    address = f"/api/v1/tickets/LD-{ticket.pk}/clocks/{path}explanation"
    assert get(desk.engineer, address).status_code == 404


def test_the_database_is_asked_as_often_whatever_happened(desk, ticket, django_assert_max_num_queries):
    client = Client()
    client.force_login(desk.engineer)
    with django_assert_max_num_queries(16) as few:
        client.get(url(ticket))
    for hours in range(70, 80, 2):
        act(ticket, "wait_customer", desk.engineer, FRIDAY + hours * HOUR)
        reply(ticket_id=ticket.pk, author=desk.customer, body="好", at=FRIDAY + (hours + 1) * HOUR)
        ticket.refresh_from_db()
    with django_assert_max_num_queries(len(few)):
        client.get(url(ticket))


def told(user, ticket, metric="resolution"):
    answer = get(user, f"/api/v1/tickets/LD-{ticket.pk}/clocks/{metric}/1/explanation")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_programs_get_codes_instants_and_sentences(desk, ticket):
    said = told(desk.engineer, ticket)
    assert said["due_at"] == "2026-03-09T10:00:00Z"
    assert (said["within_seconds"], said["allowed_seconds"]) == (16 * 3600, 16 * 3600)
    assert [line["kind"] for line in said["lines"]] == ["working", "makeup", "weekend", "working"]
    assert [part["kind"] for part in said["lines"][1]["parts"]] == [
        "night", "counted", "paused", "counted", "break", "counted", "night",
    ]  # fmt: skip
    assert sum(line["counted_seconds"] for line in said["lines"]) == 16 * 3600
    assert [pause["added_seconds"] for pause in said["pauses"]] == [3600]
    assert said["split"] is None
    assert said["sentences"][-1] == "Mon 9 Mar 18:00: Due"


def test_why_a_promise_changed_is_told_to_the_team_alone(desk, ticket):
    act(ticket, "set_tier", desk.engineer, FRIDAY + 66 * HOUR, tier="urgent")
    said = told(desk.engineer, ticket)
    assert [(change["why"], change["tier"]) for change in said["changes"]] == [("tier", "urgent")]
    assert "The tier became “Urgent”" in " ".join(said["sentences"])
    assert told(desk.customer, ticket)["changes"][0]["why"] == ""
    assert "grace" not in " ".join(told(desk.customer, ticket)["sentences"]).lower()


def test_a_finished_promise_says_whose_the_time_was(desk, ticket):
    act(ticket, "resolve", desk.engineer, FRIDAY + 20 * HOUR, resolution="好了")
    parts = told(desk.engineer, ticket)["split"]
    assert parts == {
        "ours_seconds": 4 * 3600, "vendor_seconds": 0, "customer_seconds": 3600, "off_seconds": 15 * 3600,
    }  # fmt: skip


def test_whose_the_time_was_is_told_in_the_readers_words(desk, ticket):
    act(ticket, "resolve", desk.engineer, FRIDAY + 20 * HOUR, resolution="好了")
    assert (
        "The time went to: us 4 h, the customer 1 h, off hours 15 h" in get(desk.engineer, url(ticket)).text
    )
    assert "The time went to: us 4 h, you 1 h, off hours 15 h" in get(desk.customer, url(ticket)).text


def test_a_promise_round_the_clock_is_one_plain_line(desk):
    ticket = make_ticket(desk.customer, at=FRIDAY, category="how-to")
    clock = Clock.objects.get(ticket=ticket, metric="resolution")
    assert clock.tier == "consultation"
    page = get(desk.customer, url(ticket)).text
    assert "Every hour counts, day and night: 5 d" in page
    assert page.count("timeline__row--always") == 1
