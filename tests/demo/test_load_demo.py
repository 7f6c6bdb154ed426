"""The demo month is a true one: built step by step, each at its instant."""

import io

import pytest
from django.core.management import call_command
from django.db.models import F

from accounts.models import Leave, Team, User
from catalog.base import load_base
from catalog.models import Skill
from notifications.models import Delivery
from sla.models import Clock
from surveys.models import Answer
from tickets.models import HistoryEntry, Ticket
from tickets.workflow import BOARD_COLUMNS


@pytest.mark.django_db
def test_the_days_of_the_demo_fill_every_screen_and_come_once():
    load_base()
    call_command("load_demo", days=12, stdout=io.StringIO(), stderr=io.StringIO())
    counts = Ticket.objects.count(), User.objects.count()
    assert set(BOARD_COLUMNS) <= set(Ticket.objects.values_list("status", flat=True))
    assert Clock.objects.filter(metric="first_response", breached_at=None).exists()
    assert Clock.objects.filter(metric="first_response").exclude(breached_at=None).exists()
    assert Answer.objects.exclude(recommend=None).count() >= 3
    # What the desk did by itself, it did on time.
    breaches = HistoryEntry.objects.filter(event="clock_breached")
    assert breaches.exists()
    assert not HistoryEntry.objects.filter(at__lt=F("ticket__created_at")).exists()
    # Somebody is away, somebody has skills, and a team has its tickets given out.
    assert Leave.objects.exists()
    assert Skill.objects.exists()
    assert Team.objects.filter(assignment="least_loaded").exists()
    # Nothing of the month leaves the house.
    assert not Delivery.objects.exists()
    said = io.StringIO()
    call_command("load_demo", stdout=said, stderr=io.StringIO())
    assert "already" in said.getvalue()
    assert counts == (Ticket.objects.count(), User.objects.count())
    for name in ("customer", "colleague", "stranger", "engineer", "engineer2", "manager", "admin"):
        assert User.objects.get(email=f"{name}@demo.example").check_password("ledgerdesk-demo")
