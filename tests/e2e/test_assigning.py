"""A ticket of a team that assigns by itself finds somebody, and their open board shows it."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Windows
from tests.e2e.doing import card, file, open_board
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e
# Somebody on duty is there at whatever hour the tests run.
NIGHT_WATCH = """
from datetime import timedelta
from accounts.models import Duty, Team
from catalog.models import Module
from common import clock
from tests.factories import join, make_user

team = Team.objects.create(code="night", name_zh="夜班组", name_en="Night team", assignment="round_robin")
Module.objects.create(code="night", name_zh="夜间批处理", name_en="Night jobs", team=team)
person = make_user("night@test.example", "engineer", name="方夜")
join(person, "night")
at = clock.now()
Duty.objects.create(team=team, user=person, starts_at=at, ends_at=at + timedelta(hours=1))
result = person.email
"""


def test_it_is_given_to_who_is_on_duty_while_they_look_at_the_board(stack: Stack, browser: Windows):
    board = open_board(browser.open(stack.python(NIGHT_WATCH)))
    ticket = file(stack, module="night")
    shown = card(board, ticket)
    # The worker is woken by the filing: nobody waits for the sweep of the minute.
    expect(shown.locator(".avatar")).to_have_attribute("title", "方夜", timeout=20_000)
    [(code,)] = stack.sql("SELECT status FROM tickets_ticket WHERE id = %s", int(ticket.removeprefix("LD-")))
    assert code == "assigned"
