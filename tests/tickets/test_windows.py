"""Rules for the times at which customers close their books. Pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import DayKind
from catalog.services.statutory import known_days
from tickets.windows import DaysOff, Rule, Span, ahead, filing_day, is_inside

NOTHING = DaysOff()
KNOWN = [(day.date, day.kind) for day in known_days()]
CHINA = DaysOff(
    frozenset(day for day, kind in KNOWN if kind == DayKind.OFF),
    frozenset(day for day, kind in KNOWN if kind == DayKind.MAKEUP),
)
MONTH_END = Rule("monthly", day_from=25, day_to=5)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("rule", "on", "inside"),
    [
        (MONTH_END, "2026-03-24", False),
        (MONTH_END, "2026-03-25", True),
        (MONTH_END, "2026-03-31", True),
        (MONTH_END, "2026-04-05", True),
        (MONTH_END, "2026-04-06", False),
        (MONTH_END, "2026-01-05", True),
        (MONTH_END, "2025-12-25", True),
        (Rule("monthly", day_from=10, day_to=12), "2026-03-12", True),
        (Rule("monthly", day_from=10, day_to=12), "2026-03-13", False),
        (Rule("monthly", day_from=31, day_to=31), "2026-02-28", True),
        (Rule("monthly", day_from=31, day_to=31), "2026-02-27", False),
        (Rule("monthly", day_from=31, day_to=2), "2026-02-28", True),
        (Rule("monthly", day_from=31, day_to=2), "2026-03-02", True),
        (Rule("yearly", month_from=12, day_from=20, month_to=1, day_to=15), "2026-01-15", True),
        (Rule("yearly", month_from=12, day_from=20, month_to=1, day_to=15), "2026-12-19", False),
        (Rule("yearly", month_from=12, day_from=20, month_to=1, day_to=15), "2026-12-31", True),
        (Rule("yearly", month_from=2, day_from=29, month_to=3, day_to=1), "2026-02-28", True),
        (Rule("yearly", month_from=2, day_from=29, month_to=3, day_to=1), "2028-02-28", False),
        (Rule("dates", date_from=day("2026-05-01"), date_to=day("2026-05-03")), "2026-05-03", True),
        (Rule("dates", date_from=day("2026-05-01"), date_to=day("2026-05-03")), "2027-05-03", False),
    ],
)
def test_a_date_is_inside_or_not(rule, on, inside):
    assert is_inside(rule, day(on), NOTHING) is inside


@pytest.mark.parametrize(
    ("month", "last"),
    [
        # As the tax administration's notices gave them out.
        ("2023-01", 16),
        ("2023-05", 18),
        ("2023-10", 23),
        ("2024-01", 15),
        ("2024-02", 23),
        ("2024-04", 18),
        ("2024-05", 22),
        ("2024-06", 19),
        ("2024-07", 15),
        ("2024-09", 18),
        ("2024-10", 24),
        ("2024-12", 16),
    ],
)
def test_the_tax_filing_ends_on_the_statutory_day(month, last):
    first = day(f"{month}-01")
    assert filing_day(first.year, first.month, CHINA) == first.replace(day=last)


def test_where_the_days_off_are_not_known_the_weekend_alone_counts():
    assert filing_day(2024, 10, NOTHING) == day("2024-10-15")
    assert filing_day(2024, 12, NOTHING) == day("2024-12-16")


def test_a_make_up_workday_is_none_of_the_days_off():
    assert filing_day(2024, 6, DaysOff(makeup=frozenset({day("2024-06-15")}))) == day("2024-06-15")


def test_windows_ahead_are_whole_spans_in_order():
    assert ahead(MONTH_END, day("2026-03-02"), 60, NOTHING) == [
        Span(day("2026-02-25"), day("2026-03-05")),
        Span(day("2026-03-25"), day("2026-04-05")),
        Span(day("2026-04-25"), day("2026-05-05")),
    ]
    tax = ahead(Rule("tax_filing"), day("2024-10-16"), 30, CHINA)
    assert tax == [Span(day("2024-10-01"), day("2024-10-24")), Span(day("2024-11-01"), day("2024-11-15"))]


DAYS, MONTHS = st.integers(1, 31), st.integers(1, 12)
DATES = st.dates(date(2023, 1, 1), date(2027, 12, 31))
RULES = st.one_of(
    st.builds(Rule, st.just("monthly"), day_from=DAYS, day_to=DAYS),
    st.builds(Rule, st.just("yearly"), month_from=MONTHS, day_from=DAYS, month_to=MONTHS, day_to=DAYS),
    st.just(Rule("tax_filing")),
    st.tuples(DATES, DATES).map(lambda ends: Rule("dates", date_from=min(ends), date_to=max(ends))),
)


@given(rule=RULES, start=DATES, days=st.integers(1, 120))
def test_a_date_is_inside_just_when_a_window_ahead_covers_it(rule, start, days):
    spans = ahead(rule, start, days, CHINA)
    assert spans == sorted(spans)
    assert all(span.first <= span.last for span in spans)
    for number in range(0, days, 7):
        on = start + number * timedelta(days=1)
        assert is_inside(rule, on, CHINA) == any(span.first <= on <= span.last for span in spans)


@given(DATES)
def test_the_filing_never_ends_before_the_15th_nor_on_a_day_off(on):
    last = filing_day(on.year, on.month, CHINA)
    assert last >= on.replace(day=15)
    assert not CHINA.is_off(last)
