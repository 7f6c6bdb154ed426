"""When customers close their books: rules for spans of dates. Pure: dates and days off come in.

A window is a span of whole days, both ends included, on the wall clock of its organisation.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)
FILING_DAY = 15
# So many days off in a row within the filing period make it longer.
LONG_HOLIDAY = 3
# Further beyond its month no window of that month reaches.
MONTHS_BACK = 1


class RuleKind(TextChoices):
    """How a window comes back."""

    MONTHLY = "monthly", _("Every month")
    YEARLY = "yearly", _("Every year")
    TAX_FILING = "tax_filing", _("Tax filing, to its statutory last day")
    DATES = "dates", _("Once, on fixed dates")


@dataclass(frozen=True)
class Rule:
    """A window's rule; which of the ends count depends on `kind`.

    Monthly: `day_from` to `day_to` (1–31), over the month's end if that is smaller; what a month is too short for
    is its last day. Yearly: with `month_from` and `month_to`, over the year's end if that comes earlier. Dates:
    `date_from` to `date_to`. Tax filing needs none.
    """

    kind: str
    day_from: int | None = None
    day_to: int | None = None
    month_from: int | None = None
    month_to: int | None = None
    date_from: date | None = None
    date_to: date | None = None


@dataclass(frozen=True)
class DaysOff:
    """China's statutory days off and make-up workdays; on all other dates the weekend is off."""

    off: frozenset[date] = field(default_factory=frozenset)
    makeup: frozenset[date] = field(default_factory=frozenset)

    def is_off(self, day: date) -> bool:
        """Whether nobody has to work on that date."""
        return day in self.off or (day.isoweekday() > 5 and day not in self.makeup)


@dataclass(frozen=True, order=True)
class Span:
    """From `first` to `last`, both included."""

    first: date
    last: date


def is_inside(rule: Rule, day: date, days_off: DaysOff) -> bool:
    """Whether the window is open on that date."""
    return bool(ahead(rule, day, 1, days_off))


def ahead(rule: Rule, from_date: date, days: int, days_off: DaysOff) -> list[Span]:
    """The spans that touch the `days` days from `from_date` on, in order; each whole, also where it began before."""
    end = from_date + days * DAY
    spans = _spans(rule, from_date, end, days_off)
    return sorted(span for span in spans if span.first < end and span.last >= from_date)


def filing_day(year: int, month: int, days_off: DaysOff) -> date:
    """The last day of the month's tax filing (source: 税收征收管理法实施细则 第一百零九条).

    The 15th; if that is off, the next working day. Three or more days off in a row within the 1st to the 15th
    put it off by as many working days, as the tax administration's yearly notices count them.
    """
    last = date(year, month, FILING_DAY)
    extra = _long_holidays([date(year, month, number) for number in range(1, FILING_DAY + 1)], days_off)
    while extra or days_off.is_off(last):
        last += DAY
        if extra and not days_off.is_off(last):
            extra -= 1
    return last


def _long_holidays(period: list[date], days_off: DaysOff) -> int:
    """How many days of the period lie in a row of days off that is long enough to count."""
    total = row = 0
    for day in [*period, None]:
        if day is not None and days_off.is_off(day):
            row += 1
            continue
        total += row if row >= LONG_HOLIDAY else 0
        row = 0
    return total


def _spans(rule: Rule, start: date, end: date, days_off: DaysOff) -> Iterator[Span]:
    if rule.kind == RuleKind.DATES and rule.date_from and rule.date_to:
        yield Span(rule.date_from, rule.date_to)
    elif rule.kind == RuleKind.TAX_FILING:
        for year, month in _months(start, end):
            yield Span(date(year, month, 1), filing_day(year, month, days_off))
    elif rule.kind == RuleKind.MONTHLY and rule.day_from and rule.day_to:
        for year, month in _months(start, end):
            goes_over = rule.day_to < rule.day_from
            yield Span(_day(year, month, rule.day_from), _day(*_later(year, month, goes_over), rule.day_to))
    elif rule.kind == RuleKind.YEARLY and rule.month_from and rule.day_from and rule.month_to and rule.day_to:
        goes_over = (rule.month_to, rule.day_to) < (rule.month_from, rule.day_from)
        for year in range(start.year - 1, end.year + 1):
            first = _day(year, rule.month_from, rule.day_from)
            yield Span(first, _day(year + goes_over, rule.month_to, rule.day_to))


def _months(start: date, end: date) -> Iterator[tuple[int, int]]:
    """The months in which a span may begin that touches the dates from `start` to `end`."""
    for number in range(start.year * 12 + start.month - 1 - MONTHS_BACK, end.year * 12 + end.month):
        yield number // 12, number % 12 + 1


def _later(year: int, month: int, goes_over: bool) -> tuple[int, int]:
    number = year * 12 + month - 1 + goes_over
    return number // 12, number % 12 + 1


def _day(year: int, month: int, day: int) -> date:
    """That day, or the month's last where it has no such day."""
    return date(year, month, min(day, monthrange(year, month)[1]))
