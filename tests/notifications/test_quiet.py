"""Quiet hours on the wall clock. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from notifications.quiet import QuietHours, ends_at, is_quiet

EVERY_DAY = frozenset(range(1, 8))
MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


def hours(start, end, days=EVERY_DAY, zone="Asia/Shanghai") -> QuietHours:
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end), frozenset(days), zone)


def local(text, zone="Asia/Shanghai", fold=0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("2026-03-04T21:59:59.999999", None),
        ("2026-03-04T22:00", "2026-03-05T07:00"),
        ("2026-03-05T00:00", "2026-03-05T07:00"),
        ("2026-03-05T06:59:59.999999", "2026-03-05T07:00"),
        ("2026-03-05T07:00", None),
    ],
)
def test_a_night_begins_with_its_start_and_is_over_at_its_end(at, end):
    assert ends_at(hours("22:00", "07:00"), local(at)) == (local(end) if end else None)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-03-06T23:00", True),
        ("2026-03-07T06:00", True),
        ("2026-03-07T23:00", False),
        ("2026-03-06T06:00", False),
    ],
    ids=["Friday night", "the morning after", "Saturday night", "Friday morning"],
)
def test_a_night_belongs_to_the_day_it_begins_on(at, quiet):
    assert is_quiet(hours("22:00", "07:00", {5}), local(at)) is quiet


def test_a_lunch_break_on_workdays():
    lunch = hours("12:00", "13:30", range(1, 6))
    assert ends_at(lunch, local("2026-03-06T12:15")) == local("2026-03-06T13:30")
    assert ends_at(lunch, local("2026-03-07T12:15")) is None


def test_where_clocks_go_forward_over_the_end_it_is_over_as_they_jump():
    night = hours("22:00", "02:30", zone="Europe/Berlin")
    over = ends_at(night, local("2026-03-29T01:30", "Europe/Berlin"))
    assert over == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_where_clocks_go_back_over_the_end_both_hours_are_as_the_clock_shows():
    night = hours("22:00", "02:30", zone="Europe/Berlin")
    first, second = (local("2026-10-25T02:10", "Europe/Berlin", fold) for fold in (0, 1))
    assert ends_at(night, first) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert ends_at(night, second) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


CLOCK = st.times(max_value=time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
# Every day of a year with its changes of clocks, the day an island skipped among others.
SINCE = datetime(2011, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 16 * 365 * 24 * 60).map(lambda minutes: SINCE + minutes * MINUTE)
AROUND_A_CHANGE = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    st.sampled_from(
        [
            datetime(2026, 3, 28, 12, tzinfo=UTC),
            datetime(2026, 10, 24, 12, tzinfo=UTC),
            datetime(2026, 3, 7, 18, tzinfo=UTC),
            datetime(2026, 4, 4, 3, tzinfo=UTC),
            datetime(2011, 12, 29, 12, tzinfo=UTC),
        ]
    ),
    st.integers(0, 36 * 60),
)


@given(
    start=CLOCK,
    end=CLOCK,
    days=st.sets(st.integers(1, 7), min_size=1),
    zone=st.sampled_from(ZONES),
    at=INSTANTS | AROUND_A_CHANGE,
)
def test_it_is_quiet_up_to_the_end_and_not_at_it(start, end, days, zone, at):
    assume(start != end)
    chosen = QuietHours(start, end, frozenset(days), zone)
    over = ends_at(chosen, at)
    assert (over is not None) == is_quiet(chosen, at)
    if over is None:
        return
    assert at < over <= at + timedelta(days=2)
    assert not is_quiet(chosen, over)
    assert is_quiet(chosen, over - TICK)
    # Nothing loud lies between: looked at every few minutes.
    step = max(MINUTE, (over - at) / 50)
    assert all(is_quiet(chosen, at + number * step) for number in range(50) if at + number * step < over)
