"""Changing calendars. Every change that makes a difference to working time becomes a version of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import DayKind, StatutoryDay
from common.errors import InvalidInput
from common.events import publish as tell
from common.text import clean_line
from sla.calendar import Problem, Span, WorkingCalendar, day_problems, longest_rest, problems, to_data
from sla.events import CalendarPublished
from sla.models import Calendar, CalendarDay, CalendarInterval, CalendarVersion

# The calendars reckon within these years, as the screens show them.
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DAYS = 2000
# A promise must come to an end.
LONGEST_REST = timedelta(days=366)
NAME_LENGTH = 80


@dataclass(frozen=True)
class SpecialDay:
    """A date on which other hours hold: off, or those of `as_weekday` (0 is Monday)."""

    date: date
    kind: str = DayKind.OFF
    name: str = ""
    as_weekday: int = 0


@dataclass(frozen=True)
class CalendarPlan:
    """All of a calendar but its code. `week` holds the spans of each weekday, Monday first.

    Without `days` the special days there are stay as they are.
    """

    name_zh: str
    name_en: str
    week: tuple[tuple[Span, ...], ...]
    days: tuple[SpecialDay, ...] | None = None
    time_zone: str = "Asia/Shanghai"
    uses_statutory_days: bool = False
    is_active: bool = True
    position: int = 100


@transaction.atomic
def save_calendar(*, code: str, plan: CalendarPlan, at: datetime) -> Calendar:
    """Store the calendar of that code as `plan` says, new or as it is from now on, and publish it.

    Raises InvalidInput with what is wrong with `code`, `name_zh`, `name_en`, `time_zone`, `week`, `week.0` … `week.6`
    (the hours of a weekday) and `days`.
    """
    _one_at_a_time()
    calendar = Calendar.objects.filter(code=code).first() or Calendar(code=code)
    days = _stored_days(calendar) if plan.days is None else plan.days
    for name in ("time_zone", "uses_statutory_days", "is_active", "position"):
        setattr(calendar, name, getattr(plan, name))
    calendar.name_zh, calendar.name_en = clean_line(plan.name_zh), clean_line(plan.name_en)
    wrong = {**_wrong_fields(calendar), **wrong_week(plan.week), **wrong_days(days, plan.week)}
    _refuse(wrong)
    calendar.save()
    calendar.intervals.all().delete()
    CalendarInterval.objects.bulk_create(
        CalendarInterval(calendar=calendar, weekday=weekday, start=start, end=end)
        for weekday, spans in enumerate(plan.week)
        for start, end in sorted(spans)
    )
    if plan.days is not None:
        calendar.days.all().delete()
        _store_days(calendar, plan.days)
    _publish_change(calendar, at)
    return calendar


def _wrong_fields(calendar: Calendar) -> dict[str, list[str]]:
    try:
        calendar.full_clean(validate_unique=False)
    except ValidationError as refused:
        return {name: list(texts) for name, texts in refused.message_dict.items()}
    return {}


@transaction.atomic
def mark_day(*, calendar_id: int, day: SpecialDay, at: datetime) -> None:
    """Make a date a day off or a make-up workday, whatever it was before. Raises InvalidInput (`days`)."""
    _one_at_a_time()
    calendar = Calendar.objects.get(pk=calendar_id)
    _refuse(wrong_days([day], hours_of(calendar)))
    calendar.days.filter(date=day.date).delete()
    _store_days(calendar, [day])
    _publish_change(calendar, at)


@transaction.atomic
def unmark_day(*, calendar_id: int, date: date, at: datetime) -> bool:
    """Take a special day away; whether there was one. A statutory day of that date holds again."""
    _one_at_a_time()
    calendar = Calendar.objects.get(pk=calendar_id)
    taken, _by_model = calendar.days.filter(date=date).delete()
    _publish_change(calendar, at)
    return bool(taken)


@transaction.atomic
def add_days_off(*, calendar_id: int, days: Iterable[SpecialDay], at: datetime) -> int:
    """Add days that the calendar does not speak of yet, leaving those it does; how many were new.

    Raises InvalidInput (`days`).
    """
    _one_at_a_time()
    calendar = Calendar.objects.get(pk=calendar_id)
    there = set(calendar.days.values_list("date", flat=True))
    fresh = [day for day in days if day.date not in there]
    _refuse(wrong_days(fresh, hours_of(calendar)))
    if len(there) + len(fresh) > MOST_DAYS:
        raise InvalidInput({"days": [_too_many()]})
    _store_days(calendar, fresh)
    _publish_change(calendar, at)
    return len(fresh)


# One number for "a calendar changes", within this database.
_CALENDARS = 4_815_163


def _one_at_a_time() -> None:
    """Wait for whoever changes a calendar or the statutory days: each sees what the other has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CALENDARS])


def _stored_days(calendar: Calendar) -> tuple[SpecialDay, ...]:
    return tuple(special_days(calendar.days.all())) if calendar.pk else ()


def _store_days(calendar: Calendar, days: Iterable[SpecialDay]) -> None:
    CalendarDay.objects.bulk_create(
        CalendarDay(
            calendar=calendar,
            date=day.date,
            kind=day.kind,
            name=clean_line(day.name),
            as_weekday=day.as_weekday,
        )
        for day in days
    )


def _refuse(wrong: dict[str, list[str]]) -> None:
    if wrong:
        raise InvalidInput(wrong)


def wrong_week(week: Sequence[Sequence[Span]]) -> dict[str, list[str]]:
    """What is wrong with the hours, by weekday (`week.0` is Monday) or with the week as a whole, as sentences."""
    wrong = {
        f"week.{weekday}": [
            str(_HOURS[problem]) % {"day": WEEKDAYS[weekday]} for problem in day_problems(spans)
        ]
        for weekday, spans in enumerate(week)
    }
    if Problem.NOTHING in problems(week):
        wrong["week"] = [_("A calendar needs some working time.")]
    return {name: texts for name, texts in wrong.items() if texts}


_HOURS = {
    Problem.OUTSIDE: gettext_lazy("%(day)s: working hours lie between 00:00 and 24:00."),
    Problem.BACKWARDS: gettext_lazy("%(day)s: an interval has to end after it starts."),
    Problem.OVERLAPPING: gettext_lazy("%(day)s: these hours overlap."),
}


def wrong_days(days: Sequence[SpecialDay], week: Sequence[Sequence[Span]]) -> dict[str, list[str]]:
    """What is wrong with special days on a calendar of these hours, as sentences under `days`."""
    texts = [text for day in days for text in _wrong_day(day, week)]
    dates = [day.date for day in days]
    twice = sorted({day for day in dates if dates.count(day) > 1}) if len(set(dates)) < len(dates) else []
    texts += [_("%(date)s is listed twice.") % {"date": day} for day in twice]
    if len(days) > MOST_DAYS:
        texts.append(_too_many())
    return {"days": texts} if texts else {}


def _wrong_day(day: SpecialDay, week: Sequence[Sequence[Span]]) -> list[str]:
    said = {"date": day.date, "count": NAME_LENGTH, "first": FIRST_YEAR, "last": LAST_YEAR}
    texts = []
    if not FIRST_YEAR <= day.date.year <= LAST_YEAR:
        texts.append(_("%(date)s is not between %(first)s and %(last)s.") % said)
    if len(clean_line(day.name)) > NAME_LENGTH:
        texts.append(_("%(date)s: the name is longer than %(count)d characters.") % said)
    if day.kind == DayKind.MAKEUP and not week[day.as_weekday]:
        said["day"] = WEEKDAYS[day.as_weekday]
        texts.append(_("%(date)s: %(day)s has no working hours to take over.") % said)
    return texts


def _too_many() -> str:
    return _("A calendar holds no more than %(count)d special days.") % {"count": MOST_DAYS}


def hours_of(calendar: Calendar) -> tuple[tuple[Span, ...], ...]:
    """The stored hours of each weekday, Monday first."""
    week: list[list[Span]] = [[] for _weekday in range(7)]
    for interval in calendar.intervals.all():
        week[interval.weekday].append((interval.start, interval.end))
    return tuple(tuple(spans) for spans in week)


def special_days(rows: Iterable[CalendarDay]) -> list[SpecialDay]:
    """Stored special days as values."""
    return [SpecialDay(row.date, row.kind, row.name, row.as_weekday) for row in rows]


def as_edited(calendar: Calendar) -> WorkingCalendar:
    """The calendar as its rows stand now."""
    days = special_days(calendar.days.all())
    return reckoned(
        hours_of(calendar), days, statutory=calendar.uses_statutory_days, time_zone=calendar.time_zone
    )


def reckoned(
    week: tuple[tuple[Span, ...], ...],
    days: Iterable[SpecialDay],
    *,
    statutory: bool,
    time_zone: str = "UTC",
) -> WorkingCalendar:
    """A calendar of these hours: own special days go before China's, which hold if `statutory`."""
    special: dict[date, tuple[Span, ...]] = {}
    if statutory:
        for day, kind in StatutoryDay.objects.values_list("date", "kind"):
            special[day] = week[0] if kind == DayKind.MAKEUP else ()
    for own in days:
        special[own.date] = week[own.as_weekday] if own.kind == DayKind.MAKEUP else ()
    return WorkingCalendar(zone=ZoneInfo(time_zone), week=week, days=special)


def wrong_rest(calendar: WorkingCalendar) -> dict[str, list[str]]:
    """A sentence under `days` where nobody would work for so long that no promise could be kept."""
    if longest_rest(calendar) <= LONGEST_REST:
        return {}
    return {"days": [_("With these days nobody would work for more than a year.")]}


def _publish_change(calendar: Calendar, at: datetime) -> None:
    _refuse(wrong_rest(as_edited(calendar)))
    publish(calendar_id=calendar.pk, at=at)


@transaction.atomic
def publish(*, calendar_id: int, at: datetime) -> CalendarVersion:
    """The version that says what the calendar says now: the last one, or a new one, of which is told."""
    _one_at_a_time()
    calendar = Calendar.objects.get(pk=calendar_id)
    data = to_data(as_edited(calendar))
    last = calendar.versions.order_by("-number").first()
    if last is not None and last.data == data:
        return last
    number = last.number + 1 if last else 1
    fresh = CalendarVersion.objects.create(calendar=calendar, number=number, created_at=at, data=data)
    tell(CalendarPublished(calendar_id=calendar.pk, version_id=fresh.pk, at=at))
    return fresh


@transaction.atomic
def republish(*, at: datetime) -> None:
    """Publish every calendar that uses the statutory days: they are others than before."""
    _one_at_a_time()
    for calendar_id in (
        Calendar.objects.filter(uses_statutory_days=True).order_by("pk").values_list("pk", flat=True)
    ):
        publish(calendar_id=calendar_id, at=at)


def current_version(calendar_id: int) -> CalendarVersion:
    """The version that holds now. Raises CalendarVersion.DoesNotExist for a calendar never published."""
    return CalendarVersion.objects.filter(calendar=calendar_id).latest("number")
