"""What people choose to be told of, and when."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from accounts.models import TeamMembership
from common.errors import InvalidInput
from notifications.models import Delivery, Notification, Preference
from notifications.services.claiming import claim
from notifications.services.delivering import deliver_pending
from notifications.services.preferring import Quiet, prefer
from sla.base import load_targets
from sla.services.enforcing import sweep
from tests.factories import NOON, act, make_ticket
from tickets.services.replying import reply
from tickets.triage import Impact

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
URGENT = {"impact": Impact(production_down="full")}
# NOON is 12:00 in Shanghai: both lie within these hours.
NIGHT = Quiet(time(11, 0), time(7, 0), range(1, 8))
MORNING = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def targets(desk):
    load_targets()


def choose(person, *off, quiet=None, at=NOON) -> Preference:
    return prefer(user=person, off=[tuple(code.split(":")) for code in off], quiet=quiet, at=at)


def held(desk, **fields):
    """A ticket that the engineer holds; what was told so far is forgotten."""
    ticket = act(make_ticket(desk.customer, **fields), "take", desk.engineer)
    Notification.objects.all().delete()
    Delivery.objects.all().delete()
    return ticket


def told(person) -> list[str]:
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("kind", flat=True))


def mailed(person) -> list[str]:
    return list(Delivery.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


def say(ticket, author, at=NOON, **more):
    return reply(ticket_id=ticket.pk, author=author, body="好的", at=at, **more)


# --- what -----------------------------------------------------------------------------------------------


def test_without_a_choice_everything_comes(desk):
    say(held(desk), desk.customer)
    assert told(desk.engineer) == mailed(desk.engineer) == ["customer_replied"]


@pytest.mark.parametrize(("off", "bell", "mail"), [("customer:app", 0, 1), ("customer:email", 1, 0)])
def test_each_way_is_switched_off_by_itself(desk, off, bell, mail):
    choose(desk.engineer, off)
    say(held(desk), desk.customer)
    assert (len(told(desk.engineer)), len(mailed(desk.engineer))) == (bell, mail)


def test_what_one_switches_off_still_comes_to_the_others(desk):
    choose(desk.engineer, "new_ticket:app")
    make_ticket(desk.customer)
    assert told(desk.engineer) == []
    assert told(desk.manager) == ["ticket_opened"]


def test_warnings_and_broken_promises_of_other_tickets_are_a_matter_of_choice(desk):
    choose(desk.engineer, "warning:app", "warning:email", "breach:app", "breach:email")
    held(desk)
    sweep(at=NOON + 100 * HOUR)
    assert told(desk.engineer) == mailed(desk.engineer) == []


def test_a_broken_promise_of_an_urgent_ticket_comes_whatever_is_switched_off(desk):
    choose(desk.engineer, "breach:app", "breach:email", "warning:app", "warning:email", quiet=NIGHT)
    held(desk, **URGENT)
    at = NOON + 2 * HOUR
    sweep(at=at)
    assert told(desk.engineer) == mailed(desk.engineer) == ["clock_breached"]
    assert Delivery.objects.get(recipient=desk.engineer).next_attempt_at == at


def test_customers_choose_about_answers_and_keep_the_receipt(desk):
    choose(desk.customer, "answer:app", "answer:email", "survey:email")
    ticket = make_ticket(desk.customer)
    say(ticket, desk.engineer)
    assert mailed(desk.customer) == ["ticket_received"]
    with pytest.raises(InvalidInput):
        choose(desk.customer, "ticket_received:email")
    with pytest.raises(InvalidInput):
        choose(desk.customer, "breach:email")


# --- when -----------------------------------------------------------------------------------------------


def test_in_quiet_hours_letters_wait_for_their_end_and_the_bell_counts_on(desk):
    choose(desk.engineer, quiet=NIGHT)
    say(held(desk), desk.customer)
    assert told(desk.engineer) == ["customer_replied"]
    letter = Delivery.objects.get(recipient=desk.engineer)
    assert letter.next_attempt_at == letter.held_until == MORNING
    assert claim(at=MORNING - MINUTE) is None
    assert claim(at=MORNING).ids == [letter.pk]


def test_the_wall_clock_of_the_reader_decides(desk):
    desk.engineer.time_zone = "America/New_York"
    desk.engineer.save()
    choose(desk.engineer, quiet=NIGHT)
    say(held(desk), desk.customer, at=NOON + 9 * HOUR)
    assert Delivery.objects.get(recipient=desk.engineer).held_until is None


def test_after_the_night_all_alerts_leave_in_one_letter(desk, mailbox):
    TeamMembership.objects.filter(user=desk.manager).delete()
    choose(desk.engineer, quiet=NIGHT)
    for _number in range(4):
        held(desk)
    sweep(at=NOON + 15 * HOUR)
    assert set(mailed(desk.engineer)) == {"clock_warning"}
    assert deliver_pending(now=lambda: MORNING - MINUTE) == 0
    deliver_pending(now=lambda: MORNING)
    assert len(mailbox.to(desk.engineer.email)) == 1
    assert not Delivery.objects.filter(state="pending", recipient=desk.engineer).exists()


def test_an_urgent_letter_does_not_take_those_along_that_wait(desk, mailbox):
    held(desk)
    choose(desk.engineer, quiet=NIGHT)
    sweep(at=NOON + 13 * HOUR)
    waiting = list(Delivery.objects.filter(recipient=desk.engineer))
    ticket = act(make_ticket(desk.customer, at=NOON, **URGENT), "take", desk.engineer)
    at = NOON + 14 * HOUR
    sweep(at=at)
    deliver_pending(now=lambda: at)
    urgent = Delivery.objects.filter(recipient=desk.engineer, kind="clock_breached", ticket=ticket)
    assert set(urgent.values_list("state", flat=True)) == {"sent"}
    assert waiting
    for letter in waiting:
        letter.refresh_from_db()
        assert (letter.state, letter.next_attempt_at) == ("pending", MORNING)


def test_two_urgent_letters_within_a_minute_are_one_and_the_next_waits_for_the_minute(desk, mailbox):
    choose(desk.engineer, quiet=NIGHT)
    for number in range(3):
        ticket = make_ticket(desk.customer, at=NOON + number * timedelta(seconds=40), **URGENT)
        act(ticket, "take", desk.engineer)
    Delivery.objects.all().delete()
    for seconds in (1, 41, 55, 81, 130):
        at = NOON + HOUR + timedelta(seconds=seconds)
        sweep(at=at)
        deliver_pending(now=lambda at=at: at)
    assert len(mailbox.to(desk.engineer.email)) == 2


def test_a_retry_is_put_off_to_the_end_of_the_night_too(desk, mailbox):
    say(held(desk), desk.customer)
    mailbox.refusals[desk.engineer.email] = "451 later"
    choose(desk.engineer, quiet=NIGHT)
    deliver_pending(now=lambda: NOON)
    assert Delivery.objects.get(recipient=desk.engineer).next_attempt_at == MORNING


def test_who_ends_the_quiet_hours_gets_what_waited(desk):
    choose(desk.engineer, quiet=NIGHT)
    say(held(desk), desk.customer)
    choose(desk.engineer, quiet=Quiet(time(11, 0), time(20, 0), [3]), at=NOON + MINUTE)
    assert Delivery.objects.get(recipient=desk.engineer).next_attempt_at == NOON + 8 * HOUR
    choose(desk.engineer, at=NOON + 2 * MINUTE)
    letter = Delivery.objects.get(recipient=desk.engineer)
    assert (letter.next_attempt_at, letter.held_until) == (NOON + 2 * MINUTE, None)


@pytest.mark.parametrize(
    ("quiet", "field"),
    [(Quiet(time(7), time(7), [1]), "quiet_to"), (Quiet(time(22), time(7), []), "quiet_days")],
)
def test_quiet_hours_have_a_length_and_a_day(desk, quiet, field):
    with pytest.raises(InvalidInput) as refused:
        choose(desk.engineer, quiet=quiet)
    assert set(refused.value.fields) == {field}


def test_nothing_pops_up_in_quiet_hours_but_what_is_urgent(client, desk):
    choose(desk.engineer, quiet=NIGHT)
    client.force_login(desk.engineer)
    say(held(desk, **URGENT), desk.customer)
    with time_machine.travel(NOON + MINUTE, tick=False):
        quiet = client.get("/notifications/badge/", {"since": "0"}, headers=HTMX).text
    assert ("toast" in quiet, '<span class="badge">1' in quiet) == (False, True)
    sweep(at=NOON + 2 * HOUR)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        assert (
            client.get("/notifications/badge/", {"since": "0"}, headers=HTMX).text.count('class="toast"') == 1
        )
    with time_machine.travel(MORNING, tick=False):
        assert "toast" in client.get("/notifications/badge/", {"since": "0"}, headers=HTMX).text


# --- screen and programs --------------------------------------------------------------------------------


def test_staff_and_customers_set_what_applies_to_them(client, desk):
    url = "/notifications/settings/"
    client.force_login(desk.engineer)
    page = client.get(url).text
    assert 'name="breach-email" id="id_breach-email" checked' in page
    assert "answer-email" not in page
    client.force_login(desk.customer)
    page = client.get(url).text
    assert 'name="answer-email"' in page
    assert "breach-email" not in page
    given = {"answer-app": "on", "quiet_from": "22:00", "quiet_to": "07:30", "quiet_days": ["1", "7"]}
    assert client.post(url, given).status_code == 302
    stored = Preference.objects.get(user=desk.customer)
    rest = ["progress:app", "progress:email", "survey:email", "watched:app", "watched:email"]
    assert stored.off == ["answer:email", *rest]
    assert (stored.quiet_from, stored.quiet_to, stored.quiet_days) == (time(22), time(7, 30), [1, 7])
    page = client.get(url).text
    assert 'value="22:00"' in page
    assert 'name="answer-email" id="id_answer-email">' in page


def test_what_cannot_be_stored_comes_back_as_it_was_typed(client, desk):
    client.force_login(desk.engineer)
    for wrong in (
        {"quiet_from": "22:00", "quiet_to": ""},
        {"quiet_from": "22:00", "quiet_to": "22:00", "quiet_days": "1"},
        {"quiet_from": "22:00", "quiet_to": "25:99", "quiet_days": "1"},
    ):
        page = client.post("/notifications/settings/", wrong)
        assert page.status_code == 422
        assert 'value="22:00"' in page.text
        assert 'aria-invalid="true"' in page.text
    assert not Preference.objects.exists()


def test_programs_read_and_set_them(desk, api):
    program, url = api(desk.engineer), "/api/v1/notifications/preferences"
    assert program.get(url).json()["groups"]["note"] == {"app": True}
    quiet = {"start": "22:00", "end": "07:00", "days": [1, 2, 3, 4, 5]}
    said = {"groups": {"warning": {"email": False}}, "quiet": quiet}
    done = program.put(url, said, content_type="application/json").json()
    assert (done["groups"]["warning"], done["quiet"]) == ({"app": True, "email": False}, quiet)
    done = program.put(url, {"groups": {"note": {"app": False}}}, content_type="application/json").json()
    assert (done["groups"]["warning"]["email"], done["quiet"]) == (False, quiet)
    done = program.put(url, {"quiet": None}, content_type="application/json").json()
    assert (done["groups"]["note"], done["quiet"]) == ({"app": False}, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"groups": {"answer": {"email": False}}},
        {"groups": {"breach": {"pigeon": False}}},
        {"groups": {"a:b": {"c": False}}},
        {"groups": []},
        {"quiet": {"start": "22:00", "end": "22:00", "days": [1]}},
        {"quiet": {"start": "22:00", "end": "07:00", "days": [8]}},
        {"quiet": {"start": "22:00"}},
    ],
)
def test_programs_are_told_what_cannot_be(desk, api, wrong):
    answer = api(desk.engineer).put(
        "/api/v1/notifications/preferences", wrong, content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["fields"]
