"""Explanations of stored clocks."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from catalog.models import DayKind, StatutoryDay
from sla.explaining import Aimed, DayName, Explanation, Split, Waited, explain, split
from sla.models import CalendarDay, CalendarVersion, Clock, Wait
from sla.services.keeping import reading_of
from tickets.models import HistoryEntry

MARGIN = timedelta(days=1)


def explanation_of(clock: Clock) -> Explanation:
    """How the clock's due moment came about, named in the reader's language. Five queries at most."""
    version = _calendar_version(clock)
    return explain(
        reading_of(clock),
        waits=waited(clock.waits.all()),
        changes=_changes(clock),
        names=_names(clock, version) if version else {},
        calendar=version.calendar.name if version else "",
    )


def _calendar_version(clock: Clock) -> CalendarVersion | None:
    if clock.calendar_version_id is None:
        return None
    return CalendarVersion.objects.select_related("calendar").get(pk=clock.calendar_version_id)


def split_of(clock: Clock, *, at: datetime) -> Split:
    """Whose the clock's time was, up to its end or to `at`. Reads its waits, which may be prefetched."""
    return split(reading_of(clock), waited(clock.waits.all()), until=clock.stopped_at or at)


def waited(rows: Iterable[Wait]) -> list[Waited]:
    """Stored waits as values."""
    return [Waited(row.reason, row.pauses, row.started_at, row.ended_at) for row in rows]


def _changes(clock: Clock) -> list[Aimed]:
    rows = HistoryEntry.objects.filter(
        ticket=clock.ticket_id, event="clock_retargeted", field=clock.metric, data__cycle=clock.cycle
    )
    return [
        Aimed(
            at=row.at,
            old_due_at=datetime.fromisoformat(row.old),
            due_at=datetime.fromisoformat(row.new),
            tier=row.data.get("tier", ""),
            grace=bool(row.data.get("grace")),
            why=row.data.get("why", ""),
        )
        for row in rows
        if isinstance(row.old, str) and isinstance(row.new, str)
    ]


def _names(clock: Clock, version: CalendarVersion) -> dict[date, DayName]:
    """What the days from the start to the due moment are called; the calendar's own names go first."""
    zone = version.value.zone
    first = clock.started_at.astimezone(zone).date() - MARGIN
    last = clock.due_at.astimezone(zone).date() + MARGIN
    found: dict[date, DayName] = {}
    if version.calendar.uses_statutory_days:
        for day in StatutoryDay.objects.filter(date__range=(first, last)):
            found[day.date] = DayName(day.name, makeup=day.kind == DayKind.MAKEUP)
    for own in CalendarDay.objects.filter(calendar=version.calendar_id, date__range=(first, last)):
        found[own.date] = DayName(own.name, makeup=own.kind == DayKind.MAKEUP)
    return found
