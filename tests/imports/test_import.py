"""A log becomes tickets with their whole past."""

import csv
import io
import lzma
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.models import User
from imports.events import COLUMNS
from imports.records import TicketRecord
from imports.writing import write
from notifications.models import Delivery, Notification
from sla.models import Clock
from sla.services.enforcing import sweep
from tests.factories import make_user
from tickets.filters import parse
from tickets.models import HistoryEntry, Resolution, Ticket

pytestmark = pytest.mark.django_db
REAL_LOG = Path(__file__).resolve().parents[3] / "shared" / "data" / "incident_event_log.csv.xz"
HEADER = [*sorted(COLUMNS), "unknown_column"]
ROW = {
    "number": "INC1",
    "incident_state": "New",
    "sys_mod_count": "0",
    "reopen_count": "0",
    "made_sla": "true",
    "caller_id": "Caller 1",
    "opened_at": "29/2/2016 01:16",
    "sys_updated_by": "Updater 1",
    "sys_updated_at": "29/2/2016 01:23",
    "contact_type": "Phone",
    "location": "Location 1",
    "category": "Category 1",
    "subcategory": "?",
    "u_symptom": "?",
    "priority": "3 - Moderate",
    "assignment_group": "Group 1",
    "assigned_to": "?",
    "closed_code": "code 5",
    "resolved_by": "Resolver 1",
    "resolved_at": "29/2/2016 11:29",
    "closed_at": "5/3/2016 12:00",
    "unknown_column": "?",
}
OPENED = datetime(2016, 2, 29, 1, 16, tzinfo=UTC)


def log_file(folder, *rows, packed=False):
    """A log with those rows, each given by what differs from ROW; a string stands as it is."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        if isinstance(row, str):
            text.write(row + "\n")
        else:
            writer.writerow({**ROW, **row})
    path = folder / ("log.csv.xz" if packed else "log.csv")
    raw = text.getvalue().encode("utf-8", "surrogateescape")
    path.write_bytes(lzma.compress(raw) if packed else raw)
    return path


def run(path):
    """What the command says on both ways out."""
    said, aside = io.StringIO(), io.StringIO()
    call_command("import_incident_log", str(path), stdout=said, stderr=aside)
    return said.getvalue(), aside.getvalue()


def test_an_incident_becomes_a_ticket_with_its_instants(tmp_path):
    steps = [
        {},
        {"incident_state": "Active", "sys_mod_count": "1", "sys_updated_at": "29/2/2016 02:00",
         "assigned_to": "Resolver 1"},
        {"incident_state": "Resolved", "sys_mod_count": "2", "sys_updated_at": "29/2/2016 11:29"},
        {"incident_state": "Closed", "sys_mod_count": "3", "sys_updated_at": "5/3/2016 12:00"},
    ]  # fmt: skip
    said, _aside = run(log_file(tmp_path, *steps, packed=True))
    assert "4 rows read, 4 taken, 0 dropped" in said
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.tier, ticket.channel) == ("closed", "general", "phone")
    assert (ticket.created_at, ticket.first_responded_at) == (OPENED, OPENED + timedelta(minutes=44))
    assert ticket.resolved_at == datetime(2016, 2, 29, 11, 29, tzinfo=UTC)
    assert (ticket.requester.name, ticket.assignee.name, ticket.team.name) == (
        "Caller 1",
        "Resolver 1",
        "Group 1",
    )
    assert Resolution.objects.get().first_contact is True
    moved = HistoryEntry.objects.filter(field="status").values_list("old", "new")
    assert list(moved) == [("new", "in_progress"), ("in_progress", "resolved"), ("resolved", "closed")]


def test_a_second_run_adds_nothing_and_one_that_was_cut_off_is_taken_up(tmp_path):
    run(log_file(tmp_path, {}))
    counts = Ticket.objects.count(), HistoryEntry.objects.count(), Clock.objects.count(), User.objects.count()
    said, _aside = run(log_file(tmp_path, {}))
    assert "0 added, 1 here already" in said
    assert counts == (
        Ticket.objects.count(),
        HistoryEntry.objects.count(),
        Clock.objects.count(),
        User.objects.count(),
    )
    said, _aside = run(log_file(tmp_path, {}, {"number": "INC2"}))
    assert "1 added, 1 here already" in said


def test_a_broken_row_is_named_and_the_rest_goes_on(tmp_path):
    rows = [
        {},
        "one,cell",
        {"number": "INC2", "opened_at": "31/2/2016 01:16"},
        {"number": "INC3", "priority": "9 - What"},
        {"number": "INC4", "sys_mod_count": "many"},
        {"number": "INC5", "incident_state": "-100"},
        {"number": "?"},
        {"number": "INC6\0"},
        {"number": "INC7", "caller_id": "\udcff"},
        '"INC8,never closed',
        {"number": "INC9"},
    ]
    said, aside = run(log_file(tmp_path, *rows))
    assert "11 rows read, 2 taken, 9 dropped (1 state -100, 8 broken)" in said
    for line in (3, 4, 5, 6, 8, 9, 10, 11):
        assert f"line {line}: " in aside
    assert sorted(Ticket.objects.values_list("source_ref", flat=True)) == ["INC1", "INC9"]


def test_events_of_one_minute_go_by_their_count_not_by_their_line(tmp_path):
    later = {"incident_state": "Closed", "sys_mod_count": "7", "assignment_group": "Group 2"}
    earlier = {"incident_state": "Active", "sys_mod_count": "3"}
    run(log_file(tmp_path, later, earlier))
    assert Ticket.objects.get().team.name == "Group 2"
    assert Ticket.objects.get().handovers == 1
    assert Resolution.objects.get().first_contact is False


def test_the_sources_verdict_counts_and_no_row_contradicts_it(tmp_path):
    slow = {"resolved_at": "29/6/2016 11:29", "closed_at": "5/7/2016 12:00"}
    run(log_file(tmp_path, slow, {"number": "INC2", "made_sla": "false"}))
    kept, broken = Clock.objects.filter(metric="resolution").order_by("pk")
    assert kept.breached_at is None
    assert kept.stopped_at <= kept.due_at
    assert broken.breached_at == broken.due_at <= broken.stopped_at


def test_without_a_resolution_it_is_closed_and_in_no_resolution_figure(tmp_path):
    run(log_file(tmp_path, {"resolved_at": "?", "resolved_by": "?", "incident_state": "Closed"}))
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.resolved_at) == ("closed", None)
    assert not Resolution.objects.exists()


def test_nobody_is_told_and_nobody_named_can_sign_in(tmp_path):
    run(log_file(tmp_path, {}, {"number": "INC2", "resolved_at": "?", "closed_at": "?"}))
    sweep(at=datetime(2026, 1, 1, tzinfo=UTC))
    assert not Delivery.objects.exists()
    assert not Notification.objects.exists()
    assert not User.objects.filter(is_active=True).exists()


def test_an_open_ticket_is_watched_from_now_on_and_its_past_is_not_told():
    at = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    fields = {
        "subject": "打印空白", "description": "打印空白", "requester": "陈静", "channel": "web", "tier": "general",
        "status": "in_progress", "updated_at": at, "team": "总账组", "engineer": "周航",
    }  # fmt: skip
    old = TicketRecord(ref="A", opened_at=at - timedelta(days=30), **fields)
    young = TicketRecord(ref="B", opened_at=at - timedelta(hours=13), **fields)
    done = write([old, young], source="elsewhere", at=at, progress=lambda _count: None)
    assert (done.added, done.known) == (2, 0)
    late, fresh = (Clock.objects.get(ticket__source_ref=ref, metric="first_response") for ref in "AB")
    assert (late.breached_at, late.next_check_at) == (late.due_at, None)
    # Half of the day is over and was not told; four fifths are still to come.
    assert fresh.next_check_at == fresh.started_at + timedelta(hours=24 * 0.8)
    assert Ticket.objects.get(source_ref="B").next_due_at == fresh.due_at


def test_an_imported_ticket_is_found_by_its_old_number(tmp_path):
    run(log_file(tmp_path, {}))
    found = parse({"q": "inc1"}, user=make_user("admin@test.example", "admin"))
    assert Ticket.objects.filter(found.condition).count() == 1


def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path):
    cut = tmp_path / "cut.csv.xz"
    cut.write_bytes(lzma.compress(b"number\n" * 1000)[:-20])
    for path in (tmp_path / "missing.csv", cut, tmp_path):
        with pytest.raises(CommandError):
            run(path)
    assert not Ticket.objects.exists()


@pytest.mark.skipif(not REAL_LOG.exists(), reason=f"the real log is not at {REAL_LOG}")
def test_the_figures_of_the_real_log_come_out():
    said, _aside = run(REAL_LOG)
    assert "141712 rows read, 141707 taken, 5 dropped (5 state -100)" in said
    tickets = Ticket.objects.all()
    assert tickets.count() == 24_918
    tiers = [tickets.filter(tier=tier).count() for tier in ("urgent", "general", "consultation")]
    assert tiers == [678, 23_466, 774]
    assert Clock.objects.filter(metric="resolution", breached_at=None).count() == 15_803
    answered = tickets.annotate(after=F("first_responded_at") - F("created_at"))
    within = [answered.filter(after__lte=timedelta(hours=hours)).count() for hours in (1, 24, 48)]
    assert within == [14_804, 19_922, 21_194]
    spans = tickets.exclude(resolved_at=None).values_list("created_at", "resolved_at")
    hours = [(resolved - created).total_seconds() / 3600 for created, resolved in spans]
    assert len(hours) == 23_362
    assert round(median(hours), 2) == 22.10
    grouped = tickets.exclude(team=None)
    assert (grouped.count(), grouped.filter(handovers=0).count()) == (24_545, 14_970)
