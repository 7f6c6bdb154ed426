"""The outbox: once each, again after a failure, given up in the end."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from devtools.embedded import free_port
from notifications.models import Delivery, Notification
from notifications.services.claiming import GROUP_EVERY, LEASE, claim
from notifications.services.delivering import ATTEMPTS, deliver_pending, resend
from sla.base import load_targets
from sla.services.enforcing import sweep
from tests.factories import NOON, act, make_desk, make_ticket
from tests.notifications.conftest import text_of
from tickets.services.replying import reply
from tickets.triage import Impact

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
URGENT = {"impact": Impact(production_down="full")}


def deliver(at=NOON):
    return deliver_pending(now=lambda: at)


def states():
    return sorted(Delivery.objects.values_list("state", flat=True))


def test_what_is_sent_is_not_sent_again(desk, mailbox):
    make_ticket(desk.customer)
    assert deliver() == 1
    assert deliver(NOON + HOUR) == 0
    assert len(mailbox.messages) == 1
    assert (states(), Delivery.objects.get().sent_at) == (["sent"], NOON)


def test_a_recipient_refused_for_now_is_tried_again_after_growing_pauses(desk, mailbox):
    make_ticket(desk.customer)
    mailbox.refusals[desk.customer.email] = "451 4.7.1 greylisted"
    at, pauses = NOON, []
    for _attempt in range(3):
        deliver(at)
        delivery = Delivery.objects.get()
        assert deliver(delivery.next_attempt_at - TICK) == 0
        pauses.append(delivery.next_attempt_at - at)
        at = delivery.next_attempt_at
    assert [pause.seconds for pause in pauses] == [15, 30, 60]
    assert delivery.last_error == "SMTPRecipientsRefused 451 4.7.1"
    mailbox.refusals.clear()
    assert deliver(at) == 1
    assert len(mailbox.messages) == 1


def test_a_recipient_refused_for_good_is_given_up_at_once_and_the_others_go_on(desk, mailbox, caplog):
    make_ticket(desk.customer)
    make_ticket(desk.stranger)
    mailbox.refusals[desk.customer.email] = f"550 5.1.1 <{desk.customer.email}> unknown"
    assert deliver() == 1
    assert states() == ["failed", "sent"]
    assert Delivery.objects.get(state="failed").last_error == "SMTPRecipientsRefused 550 5.1.1"
    assert "delivery_given_up" in caplog.text
    assert desk.customer.email not in caplog.text


def test_a_message_refused_for_good_is_given_up_at_once(desk, mailbox):
    make_ticket(desk.customer)
    mailbox.refusals["DATA"] = "554 5.7.1 spam"
    deliver()
    assert states() == ["failed"]


def test_an_address_that_cannot_be_written_down_is_given_up(desk, mailbox):
    type(desk.customer).objects.filter(pk=desk.customer.pk).update(email="no address\nat all")
    make_ticket(desk.customer)
    deliver()
    assert states() == ["failed"]


def test_while_the_server_is_away_one_message_a_run_is_tried(desk, mailbox, settings):
    for _number in range(5):
        make_ticket(desk.customer)
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = free_port()
    deliver()
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    settings.EMAIL_PORT = port
    deliver(NOON + HOUR)
    assert states() == ["sent"] * 5
    assert len({message["Message-ID"] for message in mailbox.messages}) == 5


def test_after_its_last_attempt_it_is_given_up_and_can_be_sent_again(desk, mailbox):
    make_ticket(desk.customer)
    mailbox.refusals[desk.customer.email] = "450 busy"
    at = NOON
    for _attempt in range(ATTEMPTS):
        deliver(at)
        at = Delivery.objects.get().next_attempt_at
    assert states() == ["failed"]
    assert at - NOON > timedelta(days=2)
    mailbox.refusals.clear()
    assert resend([Delivery.objects.get().pk], at=at) == 1
    deliver(at)
    assert len(mailbox.messages) == 1


def test_one_that_kills_every_worker_is_given_up(desk, mailbox):
    make_ticket(desk.customer)
    at = NOON
    for _attempt in range(ATTEMPTS):
        assert claim(at=at) is not None
        at += LEASE
    deliver(at)
    assert (states(), mailbox.messages) == (["failed"], [])


def test_what_a_worker_has_in_hand_is_nobody_elses_until_the_lease_is_over(desk, mailbox):
    make_ticket(desk.customer)
    assert claim(at=NOON) is not None
    assert deliver(NOON + LEASE - TICK) == 0
    assert deliver(NOON + LEASE) == 1


def test_a_worker_that_lost_its_lease_writes_nothing_down(desk):
    make_ticket(desk.customer)
    slow = claim(at=NOON)
    quick = claim(at=NOON + LEASE)
    assert quick is not None
    assert (slow.rows.count(), quick.rows.count()) == (0, 1)


def test_every_attempt_carries_the_same_message_id(desk, mailbox):
    make_ticket(desk.customer)
    deliver()
    Delivery.objects.update(state="pending")
    deliver(NOON + HOUR)
    first, second = mailbox.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_who_has_left_meanwhile_gets_nothing(desk, mailbox):
    make_ticket(desk.customer)
    desk.customer.is_active = False
    desk.customer.save()
    assert deliver() == 0
    assert (states(), mailbox.messages) == (["dropped"], [])


def test_who_may_no_longer_see_the_ticket_gets_nothing_of_it(desk, mailbox):
    ticket = make_ticket(desk.customer)
    act(ticket, "assign", desk.manager, assignee=desk.engineer)
    desk.engineer.memberships.all().delete()
    deliver()
    assert mailbox.to(desk.engineer.email) == []


# --- grouping -------------------------------------------------------------------------------------------


def breached(desk, count, at=NOON):
    """So many tickets whose first response falls due an hour after `at`; only their breaches wait."""
    tickets = [make_ticket(desk.customer, at=at, **URGENT) for _number in range(count)]
    Delivery.objects.filter(kind="ticket_received").delete()
    return tickets


def test_alerts_of_one_minute_leave_in_one_letter_and_the_next_minutes_in_another(desk, mailbox):
    at = NOON + 2 * HOUR
    for second in range(6):
        breached(desk, 1)
        sweep(at=at + timedelta(seconds=second))
        deliver(at + timedelta(seconds=second))
    assert len(mailbox.to(desk.manager.email)) == 1
    deliver(at + GROUP_EVERY)
    deliver(at + 3 * GROUP_EVERY)
    letters = mailbox.to(desk.manager.email)
    assert len(letters) == 2
    text = "".join(text_of(letter) for letter in letters)
    for number in Notification.objects.values_list("ticket", flat=True).distinct():
        assert f"LD-{number}" in text
    assert set(states()) == {"sent"}


def test_what_comes_while_a_letter_is_put_off_joins_it(desk, mailbox):
    at = NOON + 2 * HOUR
    breached(desk, 3)
    sweep(at=at)
    mailbox.refusals["DATA"] = "451 later"
    deliver(at)
    breached(desk, 1)
    sweep(at=at + TICK)
    mailbox.refusals.clear()
    deliver(at + HOUR)
    [letter] = mailbox.to(desk.manager.email)
    assert text_of(letter).count("/tickets/LD-") == 4
    assert set(states()) == {"sent"}


def test_a_letter_that_may_have_been_taken_stays_as_it_was(desk, mailbox):
    at = NOON + 2 * HOUR
    breached(desk, 3)
    sweep(at=at)
    mailbox.hangs_up = True
    deliver(at)
    deliver(at)
    mailbox.hangs_up = False
    breached(desk, 1)
    sweep(at=at + TICK)
    deliver(at + HOUR)
    deliver(at + 2 * HOUR)
    first, *others = mailbox.to(desk.manager.email)
    assert [letter["Message-ID"] == first["Message-ID"] for letter in others].count(True) == 1
    [joined] = [letter for letter in others if letter["Message-ID"] != first["Message-ID"]]
    assert "LD-" in joined["Subject"]
    assert set(states()) == {"sent"}


def test_what_came_late_is_not_given_up_with_what_came_early(desk, mailbox):
    breached(desk, 1)
    sweep(at=NOON + 2 * HOUR)
    mailbox.refusals["DATA"] = "451 later"
    Delivery.objects.update(attempts=ATTEMPTS - 1)
    breached(desk, 1)
    sweep(at=NOON + 2 * HOUR)
    deliver(NOON + 2 * HOUR)
    assert states() == ["failed", "failed", "pending", "pending"]


def test_what_is_left_of_a_group_that_kills_its_workers_leaves_by_itself(desk, mailbox):
    breached(desk, 2)
    sweep(at=NOON + 2 * HOUR)
    at = NOON + 2 * HOUR
    first, second = Delivery.objects.filter(recipient=desk.manager).order_by("pk")
    Delivery.objects.exclude(recipient=desk.manager).delete()
    Delivery.objects.filter(pk=first.pk).update(attempts=ATTEMPTS - 1)
    assert claim(at=at) is not None
    deliver(at + LEASE)
    assert states() == ["failed", "pending"]
    deliver(at + 2 * HOUR * 24)
    second.refresh_from_db()
    assert second.state == "sent"
    assert len(mailbox.to(desk.manager.email)) == 1


def test_of_a_group_what_may_no_longer_be_seen_is_left_out(desk, mailbox):
    seen, unseen = breached(desk, 2)
    sweep(at=NOON + 2 * HOUR)
    type(unseen).objects.filter(pk=unseen.pk).update(team=None)
    deliver(NOON + 2 * HOUR)
    [letter] = mailbox.to(desk.manager.email)
    assert seen.number in letter["Subject"]
    assert unseen.number not in letter.as_string()
    assert states().count("dropped") == 2


def test_resending_one_of_a_group_takes_the_others_along(desk, mailbox):
    breached(desk, 3)
    sweep(at=NOON + 2 * HOUR)
    mailbox.refusals["DATA"] = "554 no"
    deliver(NOON + 2 * HOUR)
    assert set(states()) == {"failed"}
    mailbox.refusals.clear()
    resend([Delivery.objects.filter(recipient=desk.manager).last().pk], at=NOON + 3 * HOUR)
    deliver(NOON + 3 * HOUR)
    assert len(mailbox.to(desk.manager.email)) == 1
    assert states() == ["failed"] * 3 + ["sent"] * 3


# --- at once --------------------------------------------------------------------------------------------


def at_once(count, work):
    """Run `work` in so many threads, each with a connection of its own."""
    failures = []

    def run():
        try:
            work()
        except Exception as error:
            failures.append(error)
        connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_workers_that_deliver_at_once_send_everything_once(mailbox):
    load_targets()
    desk = make_desk()
    tickets = [make_ticket(desk.customer, **URGENT) for _number in range(12)]
    for ticket in tickets:
        reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON + 2 * HOUR)
    at_once(4, lambda: deliver(NOON + 2 * HOUR))
    deliver(NOON + 2 * HOUR)
    ids = [message["Message-ID"] for message in mailbox.messages]
    assert len(ids) == len(set(ids))
    assert len(mailbox.to(desk.customer.email)) == 24
    # The breaches the late answers brought to light: one letter for each of the two.
    assert len(mailbox.to(desk.manager.email)) == len(mailbox.to(desk.engineer.email)) == 1
    assert set(states()) == {"sent"}
