"""Reading closing windows: which one is open, and which are ahead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from catalog.models import DayKind, Module, StatutoryDay
from tickets.models import ClosingWindow
from tickets.windows import DaysOff, RuleKind, Span, ahead, is_inside

# The days off that a window of some dates may depend on lie within so many days of them.
AROUND = timedelta(days=62)


@dataclass(frozen=True)
class Coming:
    """One span of a window; `is_open` on the day that was asked from.

    `is_provisional`: its end depends on statutory days of a year that is not there yet.
    """

    window: ClosingWindow
    span: Span
    is_open: bool
    is_provisional: bool


def window_at(organisation: Organisation | None, module: Module | None, at: datetime) -> ClosingWindow | None:
    """The organisation's window that is open at `at` for the module; None when there is none. Two queries at most."""
    if organisation is None or module is None:
        return None
    windows = list(ClosingWindow.objects.filter(organisation=organisation, modules=module, is_active=True))
    today = local_date(organisation, at)
    days_off = _days_off(windows, today, today)
    return next((window for window in windows if is_inside(window.terms, today, days_off)), None)


def windows_ahead(from_date: date, days: int) -> list[Coming]:
    """Every span that touches the `days` days from `from_date` on: by organisation, then by date. Four queries."""
    stored = ClosingWindow.objects.filter(is_active=True, organisation__is_active=True)
    windows = list(stored.select_related("organisation").prefetch_related("modules"))
    days_off = _days_off(windows, from_date, from_date + timedelta(days=days))
    known = {day.year for day in days_off.off}
    found = [
        Coming(
            window,
            span,
            is_open=span.first <= from_date <= span.last,
            is_provisional=window.rule == RuleKind.TAX_FILING and span.last.year not in known,
        )
        for window in windows
        for span in ahead(window.terms, from_date, days, days_off)
    ]
    return sorted(
        found,
        key=lambda one: (one.window.organisation.name, one.window.organisation_id, one.span, one.window.pk),
    )


def local_date(organisation: Organisation, at: datetime) -> date:
    """The date at `at` where the organisation is."""
    return at.astimezone(ZoneInfo(organisation.time_zone)).date()


def _days_off(windows: Iterable[ClosingWindow], first: date, last: date) -> DaysOff:
    """The statutory days around those dates, if any of the windows depends on them."""
    if not any(window.rule == RuleKind.TAX_FILING for window in windows):
        return DaysOff()
    rows = StatutoryDay.objects.filter(date__range=(first - AROUND, last + AROUND))
    by_kind: dict[str, set[date]] = {DayKind.OFF: set(), DayKind.MAKEUP: set()}
    for day, kind in rows.values_list("date", "kind"):
        by_kind[kind].add(day)
    return DaysOff(frozenset(by_kind[DayKind.OFF]), frozenset(by_kind[DayKind.MAKEUP]))
