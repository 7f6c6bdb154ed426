"""Days off out of an iCal file. Pure: bytes in, days out; nothing is fetched."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty

from common.text import clean_line

MOST_BYTES = 1024 * 1024
MOST_EVENTS = 2000
# Far more than so many events need; the time to read a file goes with them.
MOST_LINES = 50_000
MOST_DAYS = 2000
NAME_LENGTH = 80
ONE_DAY = timedelta(days=1)


class Trouble(StrEnum):
    """Why a file is not taken."""

    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    TOO_MANY = "too_many"
    NOTHING = "nothing"


class BadFile(Exception):
    """A file that is not taken; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass
class Found:
    """The days of a file by date, with their names; and how many events are no days off."""

    days: dict[date, str] = field(default_factory=dict)
    # They have a time of day, or were cancelled.
    left_out: int = 0
    # Of these the first occurrence is taken.
    repeating: int = 0


def read_days(content: bytes, *, first: date, last: date) -> Found:
    """Every day of the file's all-day events from `first` to `last`; the first event of a date names it.

    An all-day event has dates for moments; its end is the day after it (RFC 5545, 3.6.1), and without one it lasts
    a day. Raises BadFile.
    """
    found = Found()
    for event in _events(content):
        begins, ends = _range(event)
        if begins is None or str(event.get("STATUS", "")).upper() == "CANCELLED":
            found.left_out += 1
            continue
        found.repeating += "RRULE" in event
        _take(found, max(begins, first), min(ends, last + ONE_DAY), _name(event))
    if not found.days:
        raise BadFile(Trouble.NOTHING)
    return found


def _events(content: bytes) -> list[Any]:
    if len(content) > MOST_BYTES:
        raise BadFile(Trouble.TOO_LARGE)
    # Counted before anything is made of them.
    upper = content.upper()
    if upper.count(b"BEGIN:VEVENT") > MOST_EVENTS or upper.count(b"\n") > MOST_LINES:
        raise BadFile(Trouble.TOO_MANY)
    # One that breaks off would lose days in silence.
    if upper.count(b"BEGIN:VCALENDAR") != upper.count(b"END:VCALENDAR"):
        raise BadFile(Trouble.UNREADABLE)
    try:
        calendars = Calendar.from_ical(content.decode("utf-8-sig"), multiple=True)
        return [event for calendar in calendars for event in calendar.walk("VEVENT")]
    # The library lets through whatever its parsers trip over.
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise BadFile(Trouble.UNREADABLE) from error


def _range(event: Any) -> tuple[date | None, date]:
    """First day and the day after the last; None where the event has a time of day or says nothing readable."""
    begins = _day(event.get("DTSTART"))
    if begins is None:
        return None, date.min
    ends = _day(event.get("DTEND"))
    if ends is None:
        length = _read(event.get("DURATION"), ONE_DAY)
        ends = _later(begins, length) if isinstance(length, timedelta) else begins
    return begins, max(ends, _later(begins, ONE_DAY))


def _later(day: date, length: timedelta) -> date:
    try:
        return day + length
    except OverflowError:
        return date.max


def _day(said: Any) -> date | None:
    value = _read(said)
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _read(said: Any, default: Any = None) -> Any:
    """The date, instant or length of a property; `default` where it is none or missing."""
    try:
        return getattr(said, "dt", default)
    # Passed over, it would lose days in silence.
    except BrokenCalendarProperty as error:
        raise BadFile(Trouble.UNREADABLE) from error


def _name(event: Any) -> str:
    return clean_line(str(event.get("SUMMARY", "")))[:NAME_LENGTH]


def _take(found: Found, day: date, end: date, name: str) -> None:
    while day < end:
        found.days.setdefault(day, name)
        if len(found.days) > MOST_DAYS:
            raise BadFile(Trouble.TOO_MANY)
        day += ONE_DAY
