"""`manage.py load_base`."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.base import load_base
from sla.base import load_targets


class Command(BaseCommand):
    """Creates what every desk begins with, and leaves what an administrator has changed as it is."""

    help = "Create teams, products, modules, categories and promises that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        load_base()
        load_targets()
