"""The history in words."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone, translation

from imports.history import _MOVES
from sla.base import load_targets
from sla.services.enforcing import sweep
from surveys.services.answering import SURVEY_NO
from tests.factories import NOON, act, make_desk, make_ticket
from tickets import history_words as words
from tickets.conversation import history_page, names_in
from tickets.models import HistoryEntry, Ticket
from tickets.presenting import Names, present
from tickets.services.replying import CUSTOMER_WROTE, reply
from tickets.workflow import ACTIONS

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    with (
        time_machine.travel(NOON, tick=False),
        translation.override("en"),
        timezone.override("Asia/Shanghai"),
    ):
        load_targets()
        yield make_desk()


def told(ticket: Ticket, reader, *, plain=False) -> list[str]:
    page = history_page(ticket, internal=not plain)
    steps = present(page.entries, names_in(page.entries), reader=reader, plain=plain)
    return [f"{step.who} {step.text}".strip() for step in steps]


def recorded_events() -> set[str]:
    """Every event code the source writes into a history row."""
    found = set(ACTIONS) | set(_MOVES.values())
    for path in ROOT.rglob("*.py"):
        package = path.relative_to(ROOT).parts[0]
        if package not in {".venv", "node_modules", "tests", "var"}:
            found |= events_in(ast.parse(path.read_text("utf-8")), is_import=package == "imports")
    return found


def events_in(tree: ast.Module, *, is_import: bool) -> set[str]:
    """The codes given as `event` to what makes history rows, be it by a name assigned in the same file."""
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    found: set[str] = set()
    for call in ast.walk(tree):
        name = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
        places = []
        if name in {"record", "entry", "HistoryEntry"}:
            places = [word.value for word in call.keywords if word.arg == "event"]
        elif name == "Change" and is_import:
            places = call.args[1:2]
        for place in places:
            names = {node.id for node in ast.walk(place) if isinstance(node, ast.Name)}
            found |= constants(place)
            for node in assigned:
                if names & {getattr(target, "id", "") for target in node.targets}:
                    found |= constants(node.value)
    return found


def constants(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_every_event_that_is_recorded_has_words_of_its_own():
    events = recorded_events()
    assert {"opened", "replied", "noted", "clock_breached", "clock_retargeted", "imported"} <= events
    assert not {e for e in events if e not in words.TOLD and e not in words.ALONE}


def test_every_reason_that_is_a_code_has_words():
    assert {CUSTOMER_WROTE, SURVEY_NO} == words.REASON_CODES
    for code in words.REASON_CODES:
        assert f"reopen.{code}" in words.ALONE
        assert f"reopen.{code}" in words.PLAIN_ALONE


def test_a_step_is_told_once_with_all_that_changed(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    page = history_page(ticket, internal=True)
    step = present(page.entries, names_in(page.entries), reader=desk.manager, plain=False)[-1]
    assert (step.who, step.text) == ("周航", "took the ticket")
    lines = [(line.label, line.old, line.new) for line in step.lines]
    assert lines == [("Assignee", "nobody", "周航"), ("Status", "New", "In progress")]


def test_the_reader_is_spoken_to(desk):
    ticket = make_ticket(desk.customer)
    assert told(ticket, desk.customer, plain=True) == ["You filed the ticket"]
    assert told(ticket, desk.engineer) == ["陈静 filed the ticket"]


def test_people_who_left_and_teams_out_of_use_keep_their_names(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    team = desk.engineer2.teams.get()
    act(ticket, "hand_over", desk.engineer, team=team, note="平台问题")
    desk.engineer.is_active = team.is_active = False
    desk.engineer.save()
    team.save()
    assert told(ticket, desk.manager)[-1] == "周航 handed the ticket over to Platform team"


def test_an_id_nobody_has_is_told_as_somebody_who_is_gone(desk):
    ticket = make_ticket(desk.customer)
    HistoryEntry.objects.create(
        ticket=ticket, at=NOON, actor=desk.manager, event="assign", field="assignee", new=10**9
    )
    assert told(ticket, desk.engineer)[-1] == "王倩 assigned the ticket to somebody who is gone"


def test_imported_rows_keep_the_names_they_came_with(desk):
    ticket = make_ticket(desk.customer)
    rows = [
        HistoryEntry(ticket=ticket, at=NOON, event="opened", field="tier", new="general"),
        HistoryEntry(
            ticket=ticket,
            at=NOON,
            event="hand_over",
            field="team",
            old="Group 1",
            new="Group 2",
            data={"by": "Sys 7"},
        ),
        HistoryEntry(
            ticket=ticket, at=NOON, event="close", field="status", new="closed", data={"state": "Closed"}
        ),
        HistoryEntry(ticket=ticket, at=NOON, event="assign", field="assignee", new="Ann"),
    ]
    steps = present(rows, Names(), reader=desk.engineer, plain=False)
    assert [f"{s.who} {s.text}".strip() for s in steps] == [
        "The ticket was filed",
        "Sys 7 handed the ticket over to Group 2",
        "The system it came from closed the ticket",
        "The system assigned the ticket to Ann",
    ]


def test_what_the_desk_did_by_itself_names_the_cause(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "wait_customer", desk.engineer)
    reply(ticket_id=ticket.pk, author=desk.customer, body="好", at=NOON)
    assert told(ticket, desk.engineer)[-1] == "Back to work, as the customer wrote"
    assert told(ticket, desk.customer, plain=True)[-1] == "Your answer has arrived; we go on"
    act(ticket, "resolve", desk.engineer, resolution="好了")
    act(ticket, "reject", None, reason=SURVEY_NO)
    last = history_page(ticket, internal=True).entries
    step = present(last, Names(), reader=desk.engineer, plain=False)[-1]
    assert (step.text, step.quote) == ("Opened again: the questionnaire says that it is not solved", "")


def test_a_reason_that_reads_like_a_code_is_a_persons_word(desk):
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    act(ticket, "reject", desk.customer, reason=SURVEY_NO)
    entries = history_page(ticket, internal=True).entries
    assert present(entries, Names(), reader=desk.engineer, plain=False)[-1].quote == SURVEY_NO


def test_a_broken_promise_and_a_moved_one_name_their_moments(desk):
    ticket = make_ticket(desk.customer)
    act(ticket, "set_tier", desk.engineer, tier="urgent", note="月结")
    assert "First response is due today 13:00 now, before that tomorrow 12:00" in told(ticket, desk.engineer)
    sweep(at=NOON + 2 * HOUR)
    assert told(ticket, desk.engineer)[-1] == "First response was due today 13:00 and is overdue"


def test_customers_read_who_takes_care_of_it(desk):
    ticket = act(make_ticket(desk.customer), "assign", desk.manager, assignee=desk.engineer)
    act(ticket, "hand_over", desk.engineer, team=other_team(ticket))
    assert told(ticket, desk.customer, plain=True)[1:] == [
        "周航 takes care of it",
        "General ledger team takes care of it",
    ]


def test_notes_between_colleagues_are_not_for_customers(desk):
    ticket = act(
        make_ticket(desk.customer), "assign", desk.engineer, assignee=desk.engineer, note="烦人的客户"
    )
    act(ticket, "set_tier", desk.engineer, tier="urgent", note="月结要用")
    rows = history_page(ticket, internal=False).entries
    quotes = [step.quote for step in present(rows, Names(), reader=desk.customer, plain=True)]
    assert quotes == ["", "", "月结要用", "", ""]


def test_internal_rows_are_not_for_customers(desk):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="内部", at=NOON, public=False)
    assert told(ticket, desk.engineer)[-1] == "You wrote an internal note"
    assert told(ticket, desk.customer, plain=True) == ["You filed the ticket"]


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_event_leaves_a_placeholder_open(desk, plain, language):
    ticket = make_ticket(desk.customer)
    rows = [
        HistoryEntry(pk=number, ticket=ticket, at=NOON + number * HOUR, event=event, actor=actor)
        for number, event in enumerate(sorted(recorded_events()))
        for actor in (None, desk.engineer)
    ]
    with translation.override(language):
        for step in present(rows, Names(), reader=desk.customer, plain=plain):
            assert step.text
            assert "%" not in step.text


def test_names_take_two_queries_however_many_rows(desk, django_assert_num_queries):
    ticket = make_ticket(desk.customer)
    act(ticket, "hand_over", desk.engineer, team=other_team(ticket))
    act(ticket, "hand_over", desk.manager, team=desk.engineer.teams.get(code="reports"))
    for _time in range(5):
        act(ticket, "assign", desk.engineer, assignee=desk.engineer)
        act(ticket, "assign", desk.engineer, assignee=desk.manager)
    entries = history_page(ticket, internal=True).entries
    with django_assert_num_queries(2):
        names_in(entries)


def test_a_page_of_the_history_never_tears_a_step_apart(desk):
    ticket = make_ticket(desk.customer)
    people = (desk.engineer, desk.manager)
    for number in range(60):
        act(ticket, "assign", desk.engineer, NOON + number * HOUR, assignee=people[number % 2])
        act(ticket, "hand_over", desk.manager, NOON + number * HOUR, team=other_team(ticket))
        desk.engineer.memberships.get_or_create(team=Ticket.objects.get().team)
        desk.manager.memberships.get_or_create(team=Ticket.objects.get().team)
    seen, before = [], 0
    while True:
        page = history_page(ticket, internal=True, before=before)
        seen = page.entries + seen
        before = page.next_cursor
        first = page.entries[0]
        if not before:
            break
        torn = ticket.history.filter(at=first.at, actor=first.actor, event=first.event, pk__lt=first.pk)
        assert not torn.exists()
    assert [row.pk for row in seen] == list(ticket.history.values_list("pk", flat=True))


def other_team(ticket):
    ticket.refresh_from_db()
    return type(ticket.team).objects.filter(is_active=True).exclude(pk=ticket.team_id).first()
