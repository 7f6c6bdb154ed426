"""Periods of dates in a zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.periods import Period, Preset, Step, custom, named

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 5, 20)  # a Wednesday
days = st.dates(date(2001, 1, 1), date(2080, 1, 1))


def test_a_day_begins_at_midnight_of_its_zone():
    period = Period(date(2026, 3, 1), date(2026, 3, 2), SHANGHAI)
    assert period.start_at == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert period.end_at == datetime(2026, 3, 1, 16, tzinfo=UTC)


def test_the_day_clocks_go_forward_has_23_hours():
    period = Period(date(2026, 3, 8), date(2026, 3, 9), NEW_YORK)
    assert period.end_at - period.start_at == timedelta(hours=23)


@pytest.mark.parametrize(
    ("preset", "first", "end", "before_first", "before_end"),
    [
        (Preset.THIS_WEEK, "2026-05-18", "2026-05-21", "2026-05-11", "2026-05-14"),
        (Preset.THIS_MONTH, "2026-05-01", "2026-05-21", "2026-04-01", "2026-04-21"),
        (Preset.LAST_MONTH, "2026-04-01", "2026-05-01", "2026-03-01", "2026-04-01"),
        (Preset.LAST_30_DAYS, "2026-04-21", "2026-05-21", "2026-03-22", "2026-04-21"),
        (Preset.THIS_QUARTER, "2026-04-01", "2026-05-21", "2026-01-01", "2026-02-20"),
        (Preset.THIS_YEAR, "2026-01-01", "2026-05-21", "2025-01-01", "2025-05-21"),
    ],
)
def test_a_named_period_is_compared_with_as_many_days_of_the_one_before(
    preset, first, end, before_first, before_end
):
    found = named(preset, today=TODAY, zone=SHANGHAI)
    assert (str(found.period.first), str(found.period.end)) == (first, end)
    assert (str(found.before.first), str(found.before.end)) == (before_first, before_end)


def test_the_31st_is_compared_with_the_whole_of_a_shorter_month():
    found = named(Preset.THIS_MONTH, today=date(2026, 3, 31), zone=SHANGHAI)
    assert (found.before.first, found.before.end) == (date(2026, 2, 1), date(2026, 3, 1))


def test_the_month_before_january_is_last_years_december():
    found = named(Preset.LAST_MONTH, today=date(2026, 1, 15), zone=SHANGHAI)
    assert (found.period.first, found.before.first) == (date(2025, 12, 1), date(2025, 11, 1))


def test_own_dates_are_compared_with_as_many_days_just_before():
    found = custom(date(2026, 3, 1), date(2026, 3, 8), SHANGHAI)
    assert (found.before.first, found.before.end) == (date(2026, 2, 22), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("length", "step"), [(1, Step.DAY), (14, Step.DAY), (15, Step.WEEK), (366, Step.MONTH)]
)
def test_the_longer_a_period_the_wider_its_step(length, step):
    assert Period(TODAY, TODAY + timedelta(days=length), SHANGHAI).step == step


@given(days, st.integers(1, 1900))
def test_the_pieces_of_a_period_are_the_period(first, length):
    period = Period(first, first + timedelta(days=length), SHANGHAI)
    pieces = period.buckets()
    assert pieces[0].first == period.first
    assert pieces[-1].end == period.end
    assert all(one.end == following.first for one, following in pairwise(pieces))
    assert all(piece.key <= piece.first < piece.end for piece in pieces)


@given(days, st.sampled_from(Preset))
def test_a_named_period_never_overlaps_the_one_before_it_nor_the_future(today, preset):
    found = named(preset, today=today, zone=SHANGHAI)
    assert found.before.first < found.before.end <= found.period.first < found.period.end
    assert found.period.last <= today
    assert found.before.days <= found.period.days or preset == Preset.LAST_MONTH
