"""Periods: dates of a time zone, half-open. Pure: today comes in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# The longest period for which each step still gives a readable number of points.
DAYS_BY_DAY = 14
DAYS_BY_WEEK = 190


class Preset(StrEnum):
    """Periods with a name. Those of today end with today: the days to come have no figures."""

    THIS_WEEK = "this-week"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    LAST_30_DAYS = "last-30-days"
    THIS_QUARTER = "this-quarter"
    THIS_YEAR = "this-year"


class Step(StrEnum):
    """How a period is cut for a course over time."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Bucket:
    """One piece of a period. `key` is where the whole day, week or month begins, maybe before the period."""

    key: date
    first: date
    end: date


@dataclass(frozen=True)
class Period:
    """The days from `first` up to, not including, `end`, in `zone`."""

    first: date
    end: date
    zone: ZoneInfo

    @property
    def start_at(self) -> datetime:
        """The instant the first day begins."""
        return midnight(self.first, self.zone)

    @property
    def end_at(self) -> datetime:
        """The instant the last day is over."""
        return midnight(self.end, self.zone)

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.end - DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.first).days

    @property
    def step(self) -> Step:
        """Days for up to two weeks, weeks for up to half a year, else months."""
        if self.days <= DAYS_BY_DAY:
            return Step.DAY
        return Step.WEEK if self.days <= DAYS_BY_WEEK else Step.MONTH

    def buckets(self) -> list[Bucket]:
        """The period cut by its step: no gap, no overlap, the first and last maybe cut short."""
        found, key = [], step_start(self.first, self.step)
        while key < self.end:
            following = step_end(key, self.step)
            found.append(Bucket(key, max(key, self.first), min(following, self.end)))
            key = following
        return found


@dataclass(frozen=True)
class Compared:
    """A period and the one it is compared with; `preset` is None for dates of one's own."""

    period: Period
    before: Period
    preset: Preset | None = None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant `day` begins in `zone`, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def custom(first: date, end: date, zone: ZoneInfo) -> Compared:
    """Dates of one's own, compared with as many days just before them."""
    days = end - first
    return Compared(Period(first, end, zone), Period(first - days, first, zone))


def named(preset: Preset, *, today: date, zone: ZoneInfo) -> Compared:
    """A period with a name. One that is still running is compared with as many days of the one before it."""
    if preset == Preset.LAST_30_DAYS:
        return Compared(*_pair(today - 29 * DAY, today + DAY, today - 59 * DAY, zone), preset)
    if preset == Preset.LAST_MONTH:
        end = today.replace(day=1)
        first = months_later(end, -1)
        before = Period(months_later(end, -2), first, zone)
        return Compared(Period(first, end, zone), before, preset)
    first, before_first = _beginnings(preset, today)
    return Compared(*_pair(first, today + DAY, before_first, zone), preset)


def _beginnings(preset: Preset, today: date) -> tuple[date, date]:
    """Where the running week, month, quarter or year began, and the one before it."""
    if preset == Preset.THIS_WEEK:
        first = step_start(today, Step.WEEK)
        return first, first - 7 * DAY
    if preset == Preset.THIS_MONTH:
        first = today.replace(day=1)
        return first, months_later(first, -1)
    if preset == Preset.THIS_QUARTER:
        first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        return first, months_later(first, -3)
    first = today.replace(month=1, day=1)
    return first, months_later(first, -12)


def _pair(first: date, end: date, before_first: date, zone: ZoneInfo) -> tuple[Period, Period]:
    before_end = min(before_first + (end - first), first)
    return Period(first, end, zone), Period(before_first, before_end, zone)


def months_later(first: date, months: int) -> date:
    """The first day of the month that many months after the one of `first`."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def step_start(day: date, step: Step) -> date:
    """The day, the Monday, or the first of the month that `day` belongs to."""
    if step == Step.WEEK:
        return day - day.weekday() * DAY
    return day.replace(day=1) if step == Step.MONTH else day


def step_end(key: date, step: Step) -> date:
    """Where the piece beginning with `key` ends, exclusive."""
    if step == Step.MONTH:
        return months_later(key, 1)
    return key + (7 * DAY if step == Step.WEEK else DAY)
