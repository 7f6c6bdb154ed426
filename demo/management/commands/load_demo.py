"""`manage.py load_demo`: the demo desk, once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from accounts.models import User
from common import clock
from demo.cases import load_cases
from demo.month import DAYS, Month
from demo.people import DOMAIN, make_cast
from demo.planning import plan_windows
from demo.promises import promise
from demo.team import staff
from demo.today import plan_today
from demo.words import keep_words
from notifications.models import Delivery, Notification
from tickets.models import Ticket


class Command(BaseCommand):
    """Builds a month through the services; a desk that has it already is left alone."""

    help = "Load people, tickets and questionnaires of a demo month. A second run adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """How far back the tickets reach."""
        parser.add_argument(
            "--days", type=int, default=DAYS, help="so many days before today, a month at first"
        )

    def handle(self, *, days: int, **_options: Any) -> None:
        """Load it in one transaction: all of it or nothing."""
        if not settings.LOCAL:
            raise CommandError(
                "Everybody knows the demo's passwords; its people belong on no desk of a company."
            )
        if User.objects.filter(email=f"customer@{DOMAIN}").exists():
            self.stdout.write("The demo data are here already.")
            return
        with transaction.atomic():
            self._load(clock.now(), days)
        self.stdout.write(f"Demo data loaded: {Ticket.objects.count()} tickets.")

    def _load(self, now: datetime, days: int) -> None:
        cases, cast = load_cases(), make_cast()
        month = Month(cast, cases, now=now, days=days)
        month.plan()
        plan_today(month.timeline, cast, cases, now=now)
        with tqdm(total=days, unit=" days", desc="A month of the demo desk", file=self.stderr) as bar:
            month.timeline.play(until=now, progress=lambda at: _show(bar, days - (now - at).days))
        plan_windows()
        promise(cast, at=now)
        keep_words(cast)
        staff(cast, at=now)
        # The letters of a month that never was are not sent; its notices have been read.
        Delivery.objects.all().delete()
        Notification.objects.filter(ticket__status__in=["closed", "cancelled"]).update(read_at=now)


def _show(bar: "tqdm[Any]", day: int) -> None:
    bar.update(min(round(bar.total or 0), max(0, day)) - bar.n)
