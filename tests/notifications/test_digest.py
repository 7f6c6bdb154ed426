"""The morning letter of members of staff."""

import threading
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.availability import Rhythm
from accounts.models import Leave, User
from catalog.models import StatutoryDay
from notifications.models import Delivery, Digest, Preference
from notifications.services.delivering import deliver_pending
from notifications.services.digesting import is_due, last_worked, send_digests
from notifications.services.preferring import prefer
from sla.base import load_targets
from sla.services.enforcing import sweep
from surveys.models import Answer, Invitation
from tests.factories import NOON, act, make_desk, make_ticket, make_user
from tests.notifications.conftest import html_of, text_of
from tickets.models import Ticket
from tickets.triage import Impact

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
URGENT = {"impact": Impact(production_down="full")}
# Thursday, 5 March 2026, half past eight in Shanghai; what is filed at NOON was filed the day before.
HALF_PAST_EIGHT = datetime(2026, 3, 5, 0, 30, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def promised(desk):
    load_targets()
    return desk


def held(desk, person, at=NOON, **fields) -> Ticket:
    return act(make_ticket(desk.customer, at=at, **fields), "assign", desk.manager, at, assignee=person)


def wanted(person, at=time(8, 30), *off):
    return prefer(
        user=person, off=[tuple(code.split(":")) for code in off], quiet=None, at=NOON, digest_at=at
    )


def send(at=HALF_PAST_EIGHT) -> int:
    return send_digests(now=lambda: at)


def letters(person=None):
    found = Delivery.objects.filter(kind="digest")
    return list(found.filter(recipient=person) if person else found)


def read(mailbox, person, at=HALF_PAST_EIGHT):
    """The letter as it arrives, both of its parts."""
    Delivery.objects.exclude(kind="digest").delete()
    deliver_pending(now=lambda: at)
    [message] = mailbox.to(person.email)
    return text_of(message), html_of(message)


# --- what it says ---------------------------------------------------------------------------------------


def test_it_names_what_is_overdue_due_today_and_nobodys(promised, mailbox):
    wanted(promised.engineer)
    late, today = held(promised, promised.engineer, **URGENT), held(promised, promised.engineer)
    free, foreign = (
        make_ticket(promised.customer, at=NOON),
        make_ticket(promised.customer, at=NOON, module="cash"),
    )
    send()
    for part in read(mailbox, promised.engineer):
        assert "已超时" in part
        positions = [part.index(ticket.number) for ticket in (late, today, free)]
        assert positions == sorted(positions)
        assert foreign.number not in part
        assert f"http://127.0.0.1:8000/tickets/{late.number}/" in part
        assert "http://127.0.0.1:8000/notifications/settings/" in part


def test_it_reminds_of_customers_who_have_not_answered_for_three_days(promised):
    wanted(promised.engineer)
    for days in (2, 4):
        filed = HALF_PAST_EIGHT - 5 * DAY
        ticket = act(make_ticket(promised.customer, at=filed), "take", promised.engineer, filed)
        act(ticket, "wait_customer", promised.engineer, HALF_PAST_EIGHT - days * DAY)
    send()
    told = letters(promised.engineer)[0].data["parts"]
    assert told["waiting"] == {"ids": [ticket.pk], "count": 1}


def test_who_leads_reads_what_was_broken_who_is_unhappy_and_who_is_away(promised, mailbox):
    broken = held(promised, promised.engineer, **URGENT)
    sweep(at=NOON + 2 * HOUR)
    solved = act(held(promised, promised.engineer), "take", promised.engineer, NOON)
    act(solved, "resolve", promised.engineer, NOON + HOUR, resolution="好了")
    Answer.objects.create(
        invitation=Invitation.objects.get(),
        solved="yes",
        recommend=4,
        comment="太慢了",
        answered_at=NOON + 3 * HOUR,
    )
    Leave.objects.create(user=promised.engineer, starts_at=NOON, ends_at=NOON + 3 * DAY, updated_at=NOON)
    send()
    assert letters(promised.engineer) == []
    for part in read(mailbox, promised.manager):
        assert broken.number in part
        assert "太慢了" in part
        assert promised.engineer.name in part
        assert "1 张" in part


def test_it_is_written_in_the_language_of_its_reader(promised, mailbox):
    User.objects.filter(pk=promised.manager.pk).update(language="en")
    make_ticket(promised.customer, at=NOON)
    send()
    text, _html = read(mailbox, promised.manager)
    assert "Nobody's in your teams (1)" in text


def test_what_its_reader_may_no_longer_see_is_not_named(promised, mailbox):
    wanted(promised.engineer)
    gone, kept = make_ticket(promised.customer, at=NOON), make_ticket(promised.customer, at=NOON)
    send()
    act(
        gone,
        "hand_over",
        promised.manager,
        HALF_PAST_EIGHT,
        team=make_ticket(promised.customer, module="cash").team,
    )
    for part in read(mailbox, promised.engineer):
        assert gone.number not in part
        assert kept.number in part


def test_of_many_ten_are_named_and_the_rest_is_led_to(promised, mailbox):
    wanted(promised.engineer)
    for _number in range(12):
        make_ticket(promised.customer, at=NOON)
    send()
    text, html = read(mailbox, promised.engineer)
    assert text.count("- LD-") == 10
    assert "（12）" in text
    assert "assignee=none" in html


# --- whether and when -----------------------------------------------------------------------------------


def test_it_comes_to_managers_by_itself_and_to_others_who_ask_for_it(promised):
    make_ticket(promised.customer, at=NOON)
    send()
    assert {letter.recipient for letter in letters()} == {promised.manager}
    wanted(promised.engineer)
    wanted(promised.manager, time(8, 30), "digest:email")
    Digest.objects.all().delete()
    Delivery.objects.all().delete()
    send()
    assert {letter.recipient for letter in letters()} == {promised.engineer}


def test_where_there_is_nothing_to_tell_no_letter_comes(promised):
    assert send() == 0
    assert letters() == []


def test_it_comes_once_a_day_however_often_one_looks_and_again_the_next(promised):
    make_ticket(promised.customer, at=NOON)
    assert [send(), send(HALF_PAST_EIGHT + MINUTE), send(HALF_PAST_EIGHT + HOUR)] == [1, 0, 0]
    assert send(HALF_PAST_EIGHT + DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_letter():
    load_targets()
    desk = make_desk()
    make_ticket(desk.customer, at=NOON)
    together = threading.Barrier(2)

    def work():
        together.wait()
        send()
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(letters()) == 1


@pytest.mark.parametrize(
    ("moment", "comes"),
    [
        ("2026-03-05T08:29:59", False),
        ("2026-03-05T11:59:59", True),  # after an outage
        ("2026-03-05T12:00:00", False),
        ("2026-03-07T08:30:00", False),  # a Saturday
        ("2026-02-14T08:30:00", True),  # a Saturday that is worked
        ("2026-02-16T08:30:00", False),  # a Monday that is not
    ],
)
def test_it_comes_on_days_that_are_worked_from_its_time_until_noon(promised, moment, comes):
    for day, kind in (("2026-02-14", "makeup"), ("2026-02-16", "off")):
        StatutoryDay.objects.create(date=day, kind=kind, name_zh="春节", name_en="Spring Festival")
    make_ticket(promised.customer, at=NOON - 30 * DAY)
    assert bool(send(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))) is comes


def test_who_is_on_leave_gets_none(promised):
    make_ticket(promised.customer, at=NOON)
    Leave.objects.create(user=promised.manager, starts_at=NOON, ends_at=NOON + 3 * DAY, updated_at=NOON)
    assert send() == 0


def test_after_a_weekend_the_figures_reach_back_to_friday():
    monday, statutory = date(2026, 3, 9), {}
    assert last_worked(monday, Rhythm(SHANGHAI), statutory) == date(2026, 3, 6)
    assert last_worked(monday, Rhythm(SHANGHAI), {date(2026, 3, 8): True}) == date(2026, 3, 8)


@given(st.times(), st.timedeltas(timedelta(0), timedelta(days=7)))
def test_it_is_due_within_some_hours_of_its_time_on_the_readers_clock(chosen, into):
    moment = datetime(2026, 3, 2, tzinfo=SHANGHAI) + into
    if is_due(moment, Preference(digest_at=chosen), Rhythm(SHANGHAI), {}):
        local = moment.astimezone(SHANGHAI)
        start = local.replace(hour=chosen.hour, minute=chosen.minute, second=0, microsecond=0)
        assert timedelta(0) <= local - start < timedelta(hours=3, minutes=30)
        assert local.weekday() < 5


# --- the choice -----------------------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_whether_and_when_is_chosen_on_the_page_of_settings(client, desk):
    client.force_login(desk.engineer)
    page = client.get("/notifications/settings/").text
    assert 'value="08:30"' in page
    client.post("/notifications/settings/", {"digest-email": "on", "digest_at": "07:45"})
    stored = Preference.objects.get(user=desk.engineer)
    assert (stored.digest, stored.digest_at) == (True, time(7, 45))
    assert client.post("/notifications/settings/", {"digest_at": "soon"}).status_code == 422
    client.force_login(desk.customer)
    assert "digest_at" not in client.get("/notifications/settings/").text


def test_programs_choose_it_too_and_what_they_leave_out_stays_as_it_was(desk, api):
    program, url = api(desk.engineer), "/api/v1/notifications/preferences"
    assert program.get(url).json()["groups"]["digest"] == {"email": False}
    said = program.put(url, {"groups": {"note": {"app": False}}}, content_type="application/json").json()
    assert said["groups"]["digest"] == {"email": False}
    fields = {"groups": {"digest": {"email": True}}, "digest_at": "09:15"}
    said = program.put(url, fields, content_type="application/json").json()
    assert (said["groups"]["digest"], said["digest_at"]) == ({"email": True}, "09:15")
    assert said["groups"]["note"] == {"app": False}


def test_it_takes_as_many_queries_for_many_tickets_as_for_one(promised, django_assert_max_num_queries):
    make_user("other@test.example", "engineer", password=None)
    make_ticket(promised.customer, at=NOON)
    with django_assert_max_num_queries(24) as few:
        send()
    for _number in range(5):
        held(promised, promised.engineer)
        make_ticket(promised.customer, at=NOON)
    with django_assert_max_num_queries(len(few)):
        send(HALF_PAST_EIGHT + DAY)
