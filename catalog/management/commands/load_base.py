"""`manage.py load_base`."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.base import load_base
from catalog.services.statutory import load_statutory_days
from common import clock
from knowledgebase.terms import load_terms
from sla.base import load_calendars, load_targets
from tickets.base import load_replies


class Command(BaseCommand):
    """Creates what every desk begins with, and leaves what an administrator has changed as it is."""

    help = "Create what is missing: teams, products, modules, categories, calendars, promises, terms, canned replies."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        at = clock.now()
        load_base()
        load_statutory_days(at=at)
        load_calendars(at=at)
        load_targets()
        load_terms()
        load_replies()
