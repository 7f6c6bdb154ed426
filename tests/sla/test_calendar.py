"""Working time on a calendar, against a reference that looks at every minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.calendar import (
    ROUND_THE_CLOCK,
    WHOLE_DAY,
    NoWorkingTime,
    Problem,
    WorkingCalendar,
    add,
    between,
    day_problems,
    from_data,
    intervals,
    next_start,
    problems,
    to_data,
)

TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SHANGHAI, BERLIN, NEW_YORK = (
    ZoneInfo("Asia/Shanghai"),
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
)
HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
SUNDAY = date(2026, 2, 15)
OFFICE = WorkingCalendar(
    SHANGHAI,
    (HOURS,) * 5 + ((), ()),
    {SUNDAY: HOURS, **{date(2026, 2, day): () for day in (16, 17, 18, 19, 20, 23)}},
)


def local(text: str, zone: ZoneInfo = SHANGHAI, fold: int = 0) -> datetime:
    """A wall time such as 2026-03-04T09:00 as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-04T09:00", 1, "2026-03-04T10:00"),
        # The lunch is a gap.
        ("2026-03-04T11:30", 1, "2026-03-04T14:00"),
        ("2026-03-04T12:30", 1, "2026-03-04T14:30"),
        # The end of an interval, not the start of the next one.
        ("2026-03-04T11:00", 1, "2026-03-04T12:00"),
        ("2026-03-06T17:00", 1, "2026-03-06T18:00"),
        # The night and the weekend.
        ("2026-03-04T17:30", 1, "2026-03-05T09:30"),
        ("2026-03-06T17:30", 1, "2026-03-09T09:30"),
        ("2026-03-07T11:00", 1, "2026-03-09T10:00"),
        # The make-up Sunday is worked, the holiday after it is not.
        ("2026-02-14T10:00", 1, "2026-02-15T10:00"),
        ("2026-02-15T17:30", 1, "2026-02-24T09:30"),
        # Over the turn of the year, which is a Thursday and a Friday here.
        ("2025-12-31T17:00", 2, "2026-01-01T10:00"),
        ("2026-03-04T09:00", 48, "2026-03-12T12:00"),
        # No time passes by itself, not even outside the hours.
        ("2026-03-07T11:00", 0, "2026-03-07T11:00"),
    ],
)
def test_due_on_an_office_calendar(start, hours, due):
    assert add(OFFICE, local(start), hours * HOUR) == local(due)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-04T08:00", "2026-03-04T19:00", 7.5),
        ("2026-03-04T12:00", "2026-03-04T13:30", 0),
        ("2026-03-06T17:00", "2026-03-09T10:00", 2),
        ("2026-02-14T00:00", "2026-02-24T00:00", 7.5),
        ("2026-03-04T10:00", "2026-03-04T09:00", 0),
        ("2016-01-01T00:00", "2026-01-01T00:00", 2609 * 7.5),
    ],
)
def test_working_time_on_an_office_calendar(start, end, hours):
    assert between(OFFICE, local(start), local(end)) == hours * HOUR


def test_the_next_working_instant_is_the_instant_itself_within_the_hours():
    nine, noon = local("2026-03-04T09:00"), local("2026-03-04T12:00")
    assert next_start(OFFICE, nine) == nine
    assert next_start(OFFICE, noon - TICK) == noon - TICK
    assert next_start(OFFICE, noon) == local("2026-03-04T13:30")
    assert next_start(OFFICE, local("2026-02-16T09:00")) == local("2026-02-24T09:00")


def test_the_hours_are_half_open_to_the_microsecond():
    nine, noon = local("2026-03-04T09:00"), local("2026-03-04T12:00")
    assert between(OFFICE, nine - TICK, nine) == timedelta(0)
    assert between(OFFICE, nine, nine + TICK) == TICK
    assert between(OFFICE, noon - TICK, noon + TICK) == TICK
    assert add(OFFICE, nine, 3 * HOUR) == noon
    assert add(OFFICE, nine, 3 * HOUR + TICK) == local("2026-03-04T13:30") + TICK


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, NEW_YORK])
def test_round_the_clock_loses_no_second_in_years(zone):
    """Its own way round, and the way of every other calendar: a day off far away takes the short cut from it."""
    far = {date(2040, 1, 1): ()}
    for calendar in (WorkingCalendar(zone, (WHOLE_DAY,) * 7), WorkingCalendar(zone, (WHOLE_DAY,) * 7, far)):
        start, length = datetime(2021, 1, 1, 5, 7, 9, 11, UTC), timedelta(days=9 * 365, microseconds=1)
        assert calendar.always is (not calendar.days)
        assert add(calendar, start, length) == start + length
        assert between(calendar, start, start + length) == length
        assert list(intervals(calendar, start, start + length)) == [(start, start + length)]
        assert next_start(calendar, start) == start


def test_the_round_the_clock_calendar_is_elapsed_time():
    start = local("2026-03-04T23:59")
    assert add(ROUND_THE_CLOCK, start, 24 * HOUR) == start + 24 * HOUR


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, date(2026, 3, 29), 23),
        (BERLIN, date(2026, 10, 25), 25),
        (NEW_YORK, date(2026, 3, 8), 23),
        (NEW_YORK, date(2026, 11, 1), 25),
        # The day that Samoa left out.
        (ZoneInfo("Pacific/Apia"), date(2011, 12, 30), 0),
        # Midnight itself is left out, or comes twice, here.
        (ZoneInfo("America/Sao_Paulo"), date(2018, 11, 4), 23),
        (ZoneInfo("America/Sao_Paulo"), date(2018, 2, 17), 25),
        (ZoneInfo("America/St_Johns"), date(2010, 11, 7), 25),
        (SHANGHAI, date(2026, 3, 29), 24),
    ],
)
def test_a_whole_day_has_the_hours_it_really_has(zone, day, hours):
    calendar = WorkingCalendar(zone, ((),) * 7, {day: WHOLE_DAY})
    middle = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert between(calendar, middle - 3 * 24 * HOUR, middle + 3 * 24 * HOUR) == hours * HOUR


def test_a_wall_time_that_is_left_out_is_the_instant_of_the_jump():
    calendar = WorkingCalendar(BERLIN, ((),) * 7, {date(2026, 3, 29): ((60, 150), (150, 240))})
    one = local("2026-03-29T01:00", BERLIN)
    assert calendar.on(date(2026, 3, 29)) == ((one, one + 2 * HOUR),)
    early = WorkingCalendar(BERLIN, ((),) * 7, {date(2026, 3, 29): ((60, 150),)})
    assert early.on(date(2026, 3, 29)) == ((one, one + HOUR),)


def test_a_wall_time_that_comes_twice_is_its_first_occurrence():
    calendar = WorkingCalendar(NEW_YORK, ((),) * 7, {date(2026, 11, 1): ((60, 90), (90, 180))})
    one = local("2026-11-01T01:00", NEW_YORK)
    assert calendar.on(date(2026, 11, 1)) == ((one, one + 3 * HOUR),)
    early = WorkingCalendar(NEW_YORK, ((),) * 7, {date(2026, 11, 1): ((60, 90),)})
    assert early.on(date(2026, 11, 1)) == ((one, one + HOUR / 2),)


def test_a_night_shift_is_one_interval_across_midnight():
    calendar = WorkingCalendar(SHANGHAI, (((0, 360), (1320, 1440)),) * 7)
    found = list(intervals(calendar, local("2026-03-04T12:00"), local("2026-03-05T12:00")))
    assert found == [(local("2026-03-04T22:00"), local("2026-03-05T06:00"))]


def test_a_calendar_on_which_nothing_is_worked_says_so():
    nothing = WorkingCalendar(SHANGHAI, ((),) * 7, {date(2026, 3, 5): HOURS})
    assert add(nothing, local("2026-03-04T09:00"), HOUR) == local("2026-03-05T10:00")
    assert list(intervals(nothing, local("2026-03-06T09:00"), local("2036-03-06T09:00"))) == []
    with pytest.raises(NoWorkingTime):
        add(nothing, local("2026-03-04T09:00"), 8 * HOUR)
    with pytest.raises(NoWorkingTime):
        next_start(nothing, local("2026-03-06T09:00"))


def test_amounts_below_zero_and_instants_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="-1 day"):
        add(OFFICE, local("2026-03-04T09:00"), -TICK)
    with pytest.raises(ValueError, match="without a zone"):
        next_start(OFFICE, datetime(2026, 3, 4))  # noqa: DTZ001 (that is the point)


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([], []),
        ([(540, 720), (810, 1080)], []),
        ([(810, 1080), (540, 810)], []),
        ([(540, 720), (719, 1080)], [Problem.OVERLAPPING]),
        ([(540, 720), (540, 720)], [Problem.OVERLAPPING]),
        ([(720, 540)], [Problem.BACKWARDS]),
        ([(540, 540)], [Problem.BACKWARDS]),
        ([(0, 1441)], [Problem.OUTSIDE]),
        ([(-1, 60)], [Problem.OUTSIDE]),
    ],
)
def test_what_is_wrong_with_the_hours_of_a_day(spans, found):
    assert day_problems(spans) == found


def test_what_is_wrong_with_the_hours_of_a_week():
    assert problems([[]] * 7) == [Problem.NOTHING]
    assert problems([[(0, 60)], [], [], [], [], [], []]) == []
    wrong = problems([[(60, 0)], [(0, 60), (30, 90)], [], [], [], [], []])
    assert wrong == [Problem.BACKWARDS, Problem.OVERLAPPING]


def test_a_calendar_comes_back_from_what_is_stored_of_it():
    told = to_data(OFFICE)
    assert from_data(told) == OFFICE
    assert told["days"]["2026-02-16"] == []
    # A Saturday off says nothing new.
    weekend = WorkingCalendar(SHANGHAI, OFFICE.week, {date(2026, 2, 28): ()})
    assert to_data(weekend)["days"] == {}


# Laws, on calendars of any shape, around the days on which clocks are put back and forward.
AUTUMN, SPRING = date(2026, 10, 22), date(2026, 3, 25)
zones = st.sampled_from(
    [SHANGHAI, BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")]
)


@st.composite
def some_hours(draw):
    """Up to three spans of a day, which may touch."""
    edges = draw(st.lists(st.integers(0, 48), max_size=6, unique=True))
    edges = sorted(edge * 30 for edge in edges[: len(edges) // 2 * 2])
    return tuple(zip(edges[::2], edges[1::2], strict=True))


seasons = st.sampled_from([AUTUMN, SPRING])
some_days = st.builds(lambda first, ahead: first + timedelta(days=ahead), seasons, st.integers(0, 14))
weeks = st.lists(some_hours(), min_size=7, max_size=7).filter(any).map(tuple)
calendars = st.builds(WorkingCalendar, zones, weeks, st.dictionaries(some_days, some_hours(), max_size=4))
moments = st.builds(
    lambda first, ahead: datetime(first.year, first.month, first.day, tzinfo=UTC) + ahead,
    seasons,
    st.timedeltas(timedelta(0), timedelta(days=14)),
)
amounts = st.timedeltas(timedelta(0), timedelta(hours=60))


def is_worked(calendar, at):
    """The reference: the minute that the wall shows, and whether the day's hours hold it.

    While the wall shows the same times again, what was so in the last minute before goes on.
    """
    while at.astimezone(calendar.zone).fold:
        at -= MINUTE
    wall = at.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    return any(start <= minute < end for start, end in calendar.spans(wall.date()))


@given(calendars, moments.map(lambda at: at.replace(second=0, microsecond=0)), st.integers(0, 1500))
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_looking_at_every_minute(calendar, start, minutes):
    worked = sum(is_worked(calendar, start + minute * MINUTE) for minute in range(minutes))
    assert between(calendar, start, start + minutes * MINUTE) == worked * MINUTE


@given(calendars, moments, amounts)
@settings(deadline=None)
def test_what_is_added_lies_between(calendar, start, amount):
    assert between(calendar, start, add(calendar, start, amount)) == amount


@given(calendars, moments, amounts)
@settings(deadline=None)
def test_nothing_earlier_would_do(calendar, start, amount):
    due = add(calendar, start, amount + TICK)
    assert between(calendar, start, due - TICK) == amount


@given(calendars, moments, moments, amounts, amounts)
@settings(deadline=None)
def test_later_starts_and_longer_promises_are_not_due_earlier(calendar, one, other, little, more):
    start, later = sorted((one, other))
    less, much = sorted((little, more))
    assert add(calendar, start, less) <= add(calendar, start, much)
    assert add(calendar, start, much) <= add(calendar, later, much)


@given(calendars, moments, moments, moments)
@settings(deadline=None)
def test_the_parts_of_a_time_make_the_whole(calendar, one, two, three):
    start, middle, end = sorted((one, two, three))
    parts = between(calendar, start, middle) + between(calendar, middle, end)
    assert between(calendar, start, end) == parts


@given(calendars, moments, moments)
@settings(deadline=None)
def test_intervals_are_in_order_apart_and_within(calendar, one, other):
    start, end = sorted((one, other))
    found = list(intervals(calendar, start, end))
    edges = [edge for interval in found for edge in interval]
    assert edges == sorted(set(edges))
    assert all(start <= opened < closed <= end for opened, closed in found)


@given(calendars, moments)
@settings(deadline=None)
def test_from_the_next_start_on_somebody_works(calendar, at):
    begins = next_start(calendar, at)
    assert between(calendar, at, begins) == timedelta(0)
    assert between(calendar, begins, begins + TICK) == TICK
