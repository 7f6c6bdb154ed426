"""Nobody answers: the promise warns, is broken on time, and whoever is to know learns of it everywhere."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import card, key, open_board, without_reload
from tests.e2e.mails import text_of
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e
HOUR = 3600
# People of their own: nobody gets more than one letter about promises a minute, whatever other tests do.
NIGHT = """
from accounts.models import Role, Team
from catalog.models import Module
from tests.factories import join, make_user

team, _made = Team.objects.get_or_create(code="night", defaults={"name_zh": "夜班组", "name_en": "Night shift"})
Module.objects.get_or_create(code="treasury", defaults={"name_zh": "司库", "name_en": "Treasury", "team": team})
result = {}
for name in ("early", "half", "most", "late", "lead"):
    leads = name == "lead"
    role = Role.MANAGER if leads else Role.ENGINEER
    person = make_user(f"night-{name}@test.example", role, password=None, name=f"夜班{name}")
    join(person, "night", leads=leads)
    result[name] = person.email
"""
# The desk as it was: filed then, looked at by the sweep on the way, in the hands of `early` until a moment ago.
NEGLECT = """
from datetime import timedelta
from accounts.models import User
from common import clock
from sla.services.enforcing import sweep
from tests.factories import act, make_ticket
from tickets.triage import Impact

people = User.objects.in_bulk({people!r}, field_name="email")
early, holder = (people[email] for email in {people!r})
at = clock.now() - timedelta(seconds={ago})
customer = User.objects.get(email={customer!r})
ticket = make_ticket(customer, at=at, module="treasury", impact=Impact(production_down="full"))
act(ticket, "assign", early, at, assignee=early)
for share in {swept!r}:
    sweep(at=at + timedelta(hours=1) * share)
act(ticket, "assign", early, clock.now(), assignee=holder)
result = ticket.number
"""
REACHED = """
SELECT extract(epoch FROM m.at - (c.due_at - c.within * (100 - %s) / 100)), c.state, c.breached_at = c.due_at
FROM sla_milestone m JOIN sla_clock c ON c.id = m.clock_id
WHERE c.ticket_id = %s AND c.metric = 'first_response' AND m.share = %s
"""
TOLD = """
SELECT n.kind FROM notifications_notification n JOIN accounts_user u ON u.id = n.user_id
WHERE n.ticket_id = %s AND u.email = %s AND n.kind LIKE 'clock%%'
"""
# The sweep looks every three seconds; the rest is for a machine that does much else.
ON_TIME = 20


@pytest.fixture
def night(stack: Stack) -> dict[str, str]:
    """The addresses of the night shift."""
    assert stack.people
    return dict(stack.python(NIGHT))


def neglected(stack: Stack, night: dict[str, str], holder: str, *, share: float, swept: list[float]) -> str:
    """A ticket whose first response will have used `share` of its hour in a few seconds."""
    people = [night["early"], night[holder]]
    ago = HOUR * share - 6
    source = NEGLECT.format(people=people, ago=ago, customer=stack.people["customer"], swept=swept)
    return str(stack.python(source))


def test_it_warns_twice_and_is_broken_on_time(stack: Stack, browser: Windows, night: dict[str, str]) -> None:
    board = open_board(browser.open(night["lead"]))
    bell = browser.open(night["late"])
    bell.goto("/notifications/")
    with without_reload(board, bell):
        half = neglected(stack, night, "half", share=0.5, swept=[])
        most = neglected(stack, night, "most", share=0.8, swept=[0.5])
        late = neglected(stack, night, "late", share=1, swept=[0.5, 0.8])
        expect(card(board, late).locator(".clock--warn")).to_be_visible()
        expect(card(board, late)).to_have_class("card card--late")
        # By itself the page counts down; that the server saw it too is in the number above the board.
        expect(board.locator("[data-n=overdue]")).to_have_text("1")
        expect(board.locator(".toast", has_text="超时")).to_contain_text(late)
        expect(bell.locator(".notice", has_text=late).filter(has_text="超时")).to_be_visible()
        expect(card(board, half).locator(".clock--warn, .clock--breach")).to_have_count(0)
    for number, share, holder in ((half, 50, "half"), (most, 80, "most"), (late, 100, "late")):
        [(delay, state, breached)] = stack.sql(REACHED, share, key(number), share)
        assert 0 <= delay < ON_TIME
        assert (state, bool(breached)) == ("running", share == 100)
        told = "clock_breached" if share == 100 else "clock_warning"
        assert stack.sql(TOLD, key(number), night[holder]) == [(told,)]
        assert stack.sql(TOLD, key(number), night["lead"]) == [(told,)] * (share == 100)
    for person in ("late", "lead"):
        subject = (late, "首次响应", "超时")
        letter = stack.mails.wait(
            lambda mail, to=night[person], parts=subject: (
                mail["To"] == to and all(part in str(mail["Subject"]) for part in parts)
            )
        )
        assert f"{stack.url}/tickets/{late}/" in text_of(letter)
