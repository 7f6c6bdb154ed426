"""A ServiceNow incident log from end to end: rows read, checked, grouped, handed on as records."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from imports.events import COLUMNS, BadRow, Event, WithoutState, event_of
from imports.mapping import incidents, record_of
from imports.reading import BrokenRow, read_rows
from imports.records import TicketRecord

SOURCE = "servicenow"


@dataclass
class Log:
    """What a log holds, and what could not be taken of it."""

    events: dict[str, list[Event]] = field(default_factory=dict)
    rows: int = 0
    without_state: int = 0
    broken: list[BrokenRow] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """How many rows became events."""
        return self.rows - self.without_state - len(self.broken)

    @property
    def dropped(self) -> Counter[str]:
        """How many rows were not taken, by reason."""
        return Counter({"state -100": self.without_state, "broken": len(self.broken)})

    def records(self) -> Iterator[TicketRecord]:
        """Every incident as a ticket, in the order they first appear."""
        return (record_of(of_one) for of_one in self.events.values())


def read_log(path: Path, *, progress: Callable[[int], object]) -> Log:
    """All of a log; `progress` is told of each row. A broken row costs itself and no other.

    Raises UnreadableFile for the file as a whole.
    """
    log = Log()
    log.events = incidents(_events(path, log, progress))
    return log


def _events(path: Path, log: Log, progress: Callable[[int], object]) -> Iterator[Event]:
    for row in read_rows(path, columns=COLUMNS):
        log.rows += 1
        progress(1)
        if isinstance(row, BrokenRow):
            log.broken.append(row)
            continue
        try:
            yield event_of(row)
        except WithoutState:
            log.without_state += 1
        except BadRow as error:
            log.broken.append(BrokenRow(row.line, str(error)))
