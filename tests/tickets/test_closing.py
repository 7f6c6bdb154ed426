"""Closing what the customer has not answered, when something comes between."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Ticket
from tickets.services.closing import close_silent

LATER = NOON + timedelta(days=5)


@pytest.fixture
def desk(db):
    return make_desk()


def resolved(desk) -> Ticket:
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    return act(ticket, "resolve", desk.engineer, resolution="重新生成后恢复。")


def when_it_closes(ticket: Ticket, statement: str) -> None:
    """Let the database run `statement` as soon as `ticket` is closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {statement}; RETURN NULL; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER meanwhile AFTER UPDATE ON tickets_ticket FOR EACH ROW "
            f"WHEN (NEW.id = {ticket.pk} AND NEW.status = 'closed') EXECUTE FUNCTION meanwhile()"
        )


def test_a_word_that_comes_while_others_are_being_closed_keeps_its_ticket_open(desk):
    first, second = resolved(desk), resolved(desk)
    when_it_closes(
        first,
        "INSERT INTO tickets_message (ticket_id, author_id, kind, body, by_staff, is_automatic, channel, at) "  # noqa: S608 (of numbers alone)
        f"VALUES ({second.pk}, {desk.customer.pk}, 'public', '还没好', false, false, 'web', '{LATER}')",
    )
    assert close_silent(at=LATER) == 1
    second.refresh_from_db()
    assert second.status == "resolved"


def test_one_that_cannot_be_closed_keeps_no_other_from_it(desk):
    first, second = resolved(desk), resolved(desk)
    when_it_closes(first, "RAISE EXCEPTION 'broken'")
    assert close_silent(at=LATER) == 1
    statuses = dict(Ticket.objects.values_list("pk", "status"))
    assert statuses == {first.pk: "resolved", second.pk: "closed"}
