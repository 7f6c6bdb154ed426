"""What people do at the desk while a browser looks on, by the services.

`who` is a name of the small desk (tests.factories.make_desk) or an address; a ticket is named by its number.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.e2e.conftest import Windows
from tests.e2e.stack import Stack

FILE = """
from datetime import timedelta
from accounts.models import User
from common import clock
from tests.factories import make_ticket
from tickets.triage import Impact

at = clock.now() - timedelta(seconds={ago})
requester = User.objects.get(email={who!r})
result = make_ticket(requester, at=at, impact=Impact(**{impact!r}), **{fields!r}).number
"""
SAY = """
from datetime import timedelta
from accounts.models import User
from common import clock
from tickets.services.replying import reply

at = clock.now() - timedelta(seconds={ago})
reply(ticket_id={ticket}, author=User.objects.get(email={who!r}), body={body!r}, at=at, public={public})
"""
ACT = """
from datetime import timedelta
from accounts.models import User
from common import clock
from tickets.services.transition import Inputs, transition

at, actor = clock.now() - timedelta(seconds={ago}), User.objects.get(email={who!r})
inputs = {inputs!r}
if "assignee" in inputs:
    inputs["assignee"] = User.objects.get(email=inputs["assignee"])
transition(ticket_id={ticket}, action={action!r}, actor=actor, at=at, inputs=Inputs(**inputs))
"""
CLEAR = """
from accounts.models import User
from common import clock
from tickets.models import Ticket
from tickets.services.transition import transition

admin = User.objects.get(email={who!r})
for ticket in Ticket.objects.on_board():
    action = "close" if ticket.status == "resolved" else "cancel"
    transition(ticket_id=ticket.pk, action=action, actor=admin, at=clock.now())
"""
URGENT = {"production_down": "full"}


def file(stack: Stack, who: str = "customer", *, ago: float = 0, impact: Any = None, **fields: object) -> str:
    """File a ticket `ago` seconds ago; its number."""
    source = FILE.format(who=address(stack, who), ago=ago, impact=impact or {}, fields=fields)
    return str(stack.python(source))


def say(stack: Stack, ticket: str, who: str, body: str, *, public: bool = True, ago: float = 0) -> None:
    """Write a message."""
    who = address(stack, who)
    stack.python(SAY.format(ticket=key(ticket), who=who, body=body, public=public, ago=ago))


def act(stack: Stack, ticket: str, who: str, action: str, *, ago: float = 0, **inputs: str) -> None:
    """Take an action. An assignee is given by name or address as well."""
    if "assignee" in inputs:
        inputs["assignee"] = address(stack, inputs["assignee"])
    who = address(stack, who)
    stack.python(ACT.format(ticket=key(ticket), who=who, action=action, inputs=inputs, ago=ago))


def clear_board(stack: Stack) -> None:
    """End what other tests left on the board."""
    stack.python(CLEAR.format(who=address(stack, "admin")))


def status(stack: Stack, ticket: str) -> str:
    """The ticket's status as it is stored."""
    [(code,)] = stack.sql("SELECT status FROM tickets_ticket WHERE id = %s", key(ticket))
    return str(code)


def messages(stack: Stack, ticket: str) -> list[str]:
    """What was said on the ticket, in order."""
    rows = stack.sql("SELECT body FROM tickets_message WHERE ticket_id = %s ORDER BY id", key(ticket))
    return [body for (body,) in rows]


def key(ticket: str) -> int:
    """The id behind a number."""
    return int(ticket.removeprefix("LD-"))


def address(stack: Stack, who: str) -> str:
    """Somebody's e-mail address."""
    return who if "@" in who else stack.people[who]


# --- in a browser -------------------------------------------------------------------------------------------


def open_ticket(window: Page, ticket: str) -> Page:
    """Open a ticket's page, and wait until it hears of changes."""
    with window.expect_response(re.compile("part=live")):
        window.goto(f"/tickets/{ticket}/")
    return window


def open_board(window: Page, query: str = "") -> Page:
    """Open the board, and wait until it hears of changes: the first thing the stream brings asks for the bell."""
    with window.expect_response(re.compile("/notifications/badge/")):
        window.goto(f"/board/{query}")
    return window


def card(board: Page, ticket: str) -> Locator:
    """A ticket's card."""
    return board.locator(f'.card[data-number="{ticket}"]')


def cell(board: Page, column: str) -> Locator:
    """A column of the board without its head."""
    return board.locator(f'.cell[data-status="{column}"]')


def pick_up(board: Page, ticket: str) -> None:
    """Press the mouse on a card and draw it a little: it is held from then on."""
    at = _box(card(board, ticket))
    board.mouse.move(at["x"] + 40, at["y"] + 40)
    board.mouse.down()
    board.mouse.move(at["x"] + 60, at["y"] + 60, steps=4)


def drop(board: Page, column: str) -> None:
    """Take what is held to a column and let it go."""
    at = _box(cell(board, column))
    board.mouse.move(at["x"] + at["width"] / 2, at["y"] + 60, steps=12)
    board.mouse.up()


def _box(element: Locator) -> FloatRect:
    # Scrolled by the page itself: a card that is drawn anew just then would be gone under the browser's hand.
    expect(element).to_be_visible()
    element.evaluate("element => element.scrollIntoView({ block: 'nearest', inline: 'nearest' })")
    box = element.bounding_box()
    assert box is not None
    return box


@contextmanager
def without_reload(*windows: Page) -> Iterator[None]:
    """Fails if one of the pages was loaded again meanwhile."""
    for window in windows:
        window.evaluate("document.documentElement.dataset.same = ''")
    yield
    for window in windows:
        assert window.evaluate("document.documentElement.dataset.same") == "", f"{window.url} was reloaded"


def refused(browser: Windows, status: int) -> None:
    """Take the browser's (and htmx's) word on an answer the test asked for out of the errors."""
    said = (f"status of {status}", f"Status Error Code {status}")
    browser.errors[:] = [error for error in browser.errors if not any(words in error for words in said)]
