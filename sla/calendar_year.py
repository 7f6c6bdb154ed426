"""A calendar's year: its special days, and every day of its months as a page shows it."""

import calendar as gregorian
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalog.models import DayKind, StatutoryDay
from sla.calendar import Span
from sla.models import Calendar
from sla.services.calendars import hours_of

OWN, STATUTORY = "own", "statutory"


@dataclass(frozen=True)
class YearDay:
    """A date that differs from its weekday; `source` says whose word that is."""

    date: date
    kind: str
    name: str
    source: str
    hours: tuple[Span, ...]


@dataclass(frozen=True)
class Stretch:
    """Special days in a row that say the same; `last` is in it. An own day stands alone: it can be removed."""

    first: YearDay
    last: date
    count: int


@dataclass(frozen=True)
class Cell:
    """A day of a month: `look` is `work`, `free` (nothing on such a weekday), `off` or `makeup`."""

    date: date
    look: str
    hours: tuple[Span, ...]
    special: YearDay | None = None
    today: bool = False


@dataclass(frozen=True)
class Month:
    """A month by weeks from Monday on; None stands for a day of another month."""

    first: date
    weeks: list[list[Cell | None]]
    working_days: int


def special_days_of(calendar: Calendar, year: int) -> list[YearDay]:
    """The dates of a year on which other hours hold, in order: own ones go before statutory ones."""
    week = hours_of(calendar)
    found: dict[date, YearDay] = {}
    if calendar.uses_statutory_days:
        for day in StatutoryDay.objects.filter(date__year=year):
            hours = week[0] if day.kind == DayKind.MAKEUP else ()
            found[day.date] = YearDay(day.date, day.kind, day.name, STATUTORY, hours)
    for own in calendar.days.filter(date__year=year):
        hours = week[own.as_weekday] if own.kind == DayKind.MAKEUP else ()
        found[own.date] = YearDay(own.date, own.kind, own.name, OWN, hours)
    return [found[day] for day in sorted(found)]


def stretches_of(days: Sequence[YearDay]) -> list[Stretch]:
    """Special days as a list shows them, statutory ones of a holiday as one."""
    found: list[Stretch] = []
    for day in days:
        before = found[-1] if found else None
        if before and day.source == STATUTORY and _goes_on(before, day):
            found[-1] = Stretch(before.first, day.date, before.count + 1)
        else:
            found.append(Stretch(day, day.date, 1))
    return found


def _goes_on(before: Stretch, day: YearDay) -> bool:
    same = (before.first.kind, before.first.name, before.first.source) == (day.kind, day.name, day.source)
    return same and (day.date - before.last).days == 1


def months_of(
    week: Sequence[tuple[Span, ...]], days: Sequence[YearDay], *, year: int, today: date
) -> list[Month]:
    """The twelve months of a year on a calendar of these hours and special days."""
    special = {day.date: day for day in days}
    months = []
    for number in range(1, 13):
        weeks = [
            [_cell(day, week, special.get(day), today) if day.month == number else None for day in row]
            for row in gregorian.Calendar().monthdatescalendar(year, number)
        ]
        working = sum(bool(cell and cell.hours) for row in weeks for cell in row)
        months.append(Month(date(year, number, 1), weeks, working))
    return months


def _cell(day: date, week: Sequence[tuple[Span, ...]], special: YearDay | None, today: date) -> Cell:
    usual = week[day.weekday()]
    if special is None:
        return Cell(day, "work" if usual else "free", usual, today=day == today)
    return Cell(day, special.kind, special.hours, special, today=day == today)


@dataclass(frozen=True)
class Run:
    """Weekdays in a row with the same hours; 0 is Monday, `first` and `last` are in it."""

    first: int
    last: int
    hours: tuple[Span, ...]


def runs_of(week: Sequence[tuple[Span, ...]]) -> list[Run]:
    """A week as people say it: Monday to Friday these hours, the weekend none."""
    runs: list[Run] = []
    for weekday, hours in enumerate(week):
        if runs and runs[-1].hours == hours:
            runs[-1] = Run(runs[-1].first, weekday, hours)
        else:
            runs.append(Run(weekday, weekday, hours))
    return runs


def weekly_hours(week: Sequence[tuple[Span, ...]]) -> float:
    """The hours of an ordinary week."""
    return sum(end - start for spans in week for start, end in spans) / 60
