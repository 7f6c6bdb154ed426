"""Who is told what, and by which way."""

from datetime import timedelta

import pytest

from accounts.models import Team, TeamMembership
from notifications.models import Delivery, Notification
from sla.services.enforcing import sweep
from surveys.models import Invitation
from surveys.services.answering import Said, answer
from surveys.services.sending import send_due
from tests.factories import NOON, act, make_ticket
from tickets.services.closing import close_silent
from tickets.services.replying import reply
from tickets.triage import Impact

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
URGENT = {"impact": Impact(production_down="full")}


def told(person, kind=None):
    """The kinds under somebody's bell, in order."""
    notices = Notification.objects.filter(user=person).order_by("pk")
    kinds = list(notices.values_list("kind", flat=True))
    return kinds.count(kind) if kind else kinds


def mailed(person):
    return list(Delivery.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


def forget():
    Notification.objects.all().delete()
    Delivery.objects.all().delete()


def held(desk, **fields):
    """A ticket that the engineer holds; what was told so far is forgotten."""
    ticket = act(make_ticket(desk.customer, **fields), "take", desk.engineer)
    forget()
    return ticket


def say(ticket, author, body="好的", at=NOON, **more):
    return reply(ticket_id=ticket.pk, author=author, body=body, at=at, **more)


def test_a_new_ticket_is_told_to_its_team_and_a_receipt_goes_to_the_requester(desk):
    make_ticket(desk.customer)
    assert told(desk.engineer) == ["ticket_opened"]
    assert told(desk.manager) == ["ticket_opened"]
    assert told(desk.engineer2) == []
    assert (told(desk.customer), mailed(desk.customer)) == ([], ["ticket_received"])
    assert mailed(desk.engineer) == []
    assert told(desk.colleague) == told(desk.stranger) == []


def test_nobody_is_told_of_the_own_act(desk):
    ticket = make_ticket(desk.customer)
    forget()
    act(ticket, "take", desk.engineer)
    say(ticket, desk.engineer, public=False)
    assert told(desk.engineer) == mailed(desk.engineer) == []


def test_who_is_given_a_ticket_is_told(desk):
    ticket = make_ticket(desk.customer)
    forget()
    act(ticket, "assign", desk.manager, assignee=desk.engineer)
    assert told(desk.engineer) == mailed(desk.engineer) == ["ticket_assigned"]
    assert told(desk.manager) == told(desk.customer) == []


def test_being_given_a_ticket_a_second_time_is_told_again(desk):
    ticket = make_ticket(desk.customer)
    forget()
    for person in (desk.engineer, desk.manager, desk.engineer):
        act(ticket, "assign", desk.admin, assignee=person)
    assert told(desk.engineer) == ["ticket_assigned"] * 2


def test_the_team_that_gets_a_ticket_is_told(desk):
    ticket = held(desk)
    act(ticket, "hand_over", desk.engineer, team=Team.objects.get(code="platform"))
    assert told(desk.engineer2) == ["ticket_handed_over"]
    assert told(desk.engineer) == told(desk.customer) == []


def test_an_answer_is_told_to_the_requester_and_to_nobody_else(desk):
    say(held(desk), desk.engineer, "请您重算一次")
    assert told(desk.customer) == mailed(desk.customer) == ["staff_replied"]
    assert Notification.objects.count() == Delivery.objects.count() == 1


def test_a_note_is_told_to_the_holder_and_never_to_a_customer(desk):
    say(held(desk), desk.manager, "客户很急", public=False)
    assert told(desk.engineer) == ["note_written"]
    assert Notification.objects.count() == 1
    assert not Delivery.objects.exists()


def test_the_customers_word_reaches_the_holder_or_else_the_team(desk):
    say(held(desk), desk.customer)
    assert told(desk.engineer) == mailed(desk.engineer) == ["customer_replied"]
    assert told(desk.manager) == []
    unheld = make_ticket(desk.customer)
    forget()
    say(unheld, desk.customer)
    assert told(desk.engineer) == told(desk.manager) == ["customer_replied"]
    assert not Delivery.objects.exists()


def test_a_word_that_reopens_is_told_once(desk):
    ticket = held(desk)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    act(ticket, "confirm", desk.customer)
    forget()
    say(ticket, desk.customer, "又坏了")
    assert told(desk.engineer) == ["customer_replied"]
    assert Notification.objects.get().data["reopens"]
    assert told(desk.customer) == mailed(desk.customer) == []


def test_a_resolution_asks_the_requester_to_confirm(desk):
    act(held(desk), "resolve", desk.engineer, resolution="好了")
    assert told(desk.customer) == mailed(desk.customer) == ["ticket_resolved"]


def test_a_rejection_is_told_with_its_words(desk):
    ticket = held(desk)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    forget()
    act(ticket, "reject", desk.customer, reason="还是空白")
    assert told(desk.engineer) == mailed(desk.engineer) == ["ticket_reopened"]
    assert Notification.objects.get().data == {"reason": "还是空白"}
    assert told(desk.customer) == []


def test_a_no_in_the_questionnaire_is_told_to_staff_alone(desk):
    ticket = held(desk)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    send_due(at=NOON + HOUR)
    forget()
    answer(invitation_id=Invitation.objects.get().pk, said=Said("no", comment="没好"), at=NOON + HOUR)
    assert told(desk.engineer) == ["ticket_reopened"]
    assert told(desk.customer) == mailed(desk.customer) == []


def test_reopening_by_staff_is_told_to_the_requester_without_the_reason(desk):
    ticket = held(desk)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    forget()
    act(ticket, "reopen", desk.manager, reason="周航没查清楚")
    assert told(desk.engineer) == told(desk.customer) == ["ticket_reopened"]
    assert Notification.objects.get(user=desk.customer).data == {}
    assert Delivery.objects.get(recipient=desk.customer).data == {}


def test_the_end_is_told_to_the_side_that_did_not_end_it(desk):
    ticket = held(desk)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    forget()
    act(ticket, "confirm", desk.customer)
    assert (told(desk.engineer), told(desk.customer)) == (["ticket_closed"], [])
    other = held(desk)
    act(other, "cancel", desk.engineer)
    assert told(desk.customer) == mailed(desk.customer) == ["ticket_cancelled"]
    assert told(desk.engineer) == []


def test_closing_by_silence_is_shown_and_not_mailed(desk):
    ticket = held(desk)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    forget()
    close_silent(at=NOON + timedelta(days=4))
    assert (told(desk.customer), mailed(desk.customer)) == (["ticket_closed"], [])
    assert told(desk.engineer) == []


def test_warnings_reach_the_holder_or_else_the_team(desk):
    held(desk, **URGENT)
    sweep(at=NOON + HOUR / 2)
    assert told(desk.engineer) == mailed(desk.engineer) == ["clock_warning"]
    assert told(desk.manager) == told(desk.customer) == []
    make_ticket(desk.customer, **URGENT)
    forget()
    sweep(at=NOON + HOUR * 0.8)
    assert told(desk.engineer) == ["clock_warning"] * 2
    assert told(desk.manager) == ["clock_warning"]


def test_a_breach_reaches_holder_and_manager_once(desk):
    held(desk, **URGENT)
    sweep(at=NOON + HOUR / 2)
    forget()
    for late in range(1, 4):
        sweep(at=NOON + HOUR + late * HOUR / 60)
    assert told(desk.engineer) == mailed(desk.engineer) == ["clock_breached"]
    assert told(desk.manager) == mailed(desk.manager) == ["clock_breached"]
    assert told(desk.customer) == mailed(desk.customer) == []


def test_administrators_hear_of_the_breaches_of_a_team_without_a_lead(desk):
    TeamMembership.objects.filter(leads=True).delete()
    held(desk, **URGENT)
    sweep(at=NOON + 2 * HOUR)
    assert "clock_breached" in told(desk.admin)


def test_the_questionnaire_goes_to_the_requester_by_mail(desk):
    act(held(desk), "resolve", desk.engineer, resolution="好了")
    forget()
    send_due(at=NOON + HOUR)
    assert (told(desk.customer), mailed(desk.customer)) == ([], ["survey"])


def test_programs_and_those_who_left_are_told_nothing(desk):
    desk.engineer.is_active = False
    desk.engineer.save()
    desk.manager.is_bot = True
    desk.manager.save()
    make_ticket(desk.customer)
    assert told(desk.engineer) == told(desk.manager) == []
    assert told(desk.admin) == ["ticket_opened"]


def test_a_ticket_whose_holder_left_the_team_is_the_teams(desk):
    held(desk, **URGENT)
    desk.engineer.memberships.all().delete()
    sweep(at=NOON + HOUR / 2)
    assert (told(desk.engineer), told(desk.manager)) == ([], ["clock_warning"])


def test_one_lead_elsewhere_is_no_lead_here(desk):
    TeamMembership.objects.create(team=Team.objects.get(code="reports"), user=desk.engineer2)
    TeamMembership.objects.filter(user=desk.engineer2, team__code="platform").update(leads=True)
    held(desk, **URGENT)
    sweep(at=NOON + 2 * HOUR)
    assert told(desk.engineer2) == []


def test_telling_takes_a_fixed_number_of_queries(desk, django_assert_max_num_queries):
    """However many people the team has."""
    ticket = make_ticket(desk.customer)
    forget()
    with django_assert_max_num_queries(40) as few:
        say(ticket, desk.customer)
    for number in range(20):
        person = desk.engineer.__class__.objects.create_user(f"e{number}@test.example", role="engineer")
        TeamMembership.objects.create(team=ticket.team, user=person)
    with django_assert_max_num_queries(len(few.captured_queries)):
        say(ticket, desk.customer)
    assert Notification.objects.filter(kind="customer_replied").count() == 2 + 22
