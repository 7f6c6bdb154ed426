"""`manage.py import_incident_log PATH`: a ServiceNow incident log becomes tickets with their whole past."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from common import clock
from imports.reading import UnreadableFile
from imports.servicenow import SOURCE, Log, read_log
from imports.writing import write

# Broken rows are all counted; as many are named.
NAMED = 100


class Command(BaseCommand):
    """Reads, maps, writes, and tells what it took and what it dropped."""

    help = "Import a ServiceNow incident log (CSV, plain or packed with xz). A second run adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("path", type=Path, help="the log, such as incident_event_log.csv.xz")

    def handle(self, *, path: Path, **_options: Any) -> None:
        """Import the log at `path`."""
        try:
            with tqdm(unit=" rows", desc="Reading", file=self.stderr) as bar:
                log = read_log(path, progress=bar.update)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        with tqdm(total=len(log.events), unit=" tickets", desc="Writing", file=self.stderr) as bar:
            written = write(log.records(), source=SOURCE, at=clock.now(), progress=bar.update)
        self._tell_broken(log)
        dropped = ", ".join(f"{count} {reason}" for reason, count in log.dropped.items() if count) or "none"
        self.stdout.write(
            f"{log.rows} rows read, {log.taken} taken, {log.dropped.total()} dropped ({dropped}). "
            f"{len(log.events)} incidents: {written.added} added, {written.known} here already."
        )

    def _tell_broken(self, log: Log) -> None:
        for row in log.broken[:NAMED]:
            self.stderr.write(f"line {row.line}: {row.reason}")
        if len(log.broken) > NAMED:
            self.stderr.write(f"and {len(log.broken) - NAMED} broken rows more")
