"""Who is there: hours with a lunch, statutory days, leaves and duties."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.availability import (
    USUAL_WEEK,
    Rhythm,
    State,
    away_until,
    is_available,
    next_start,
    state_at,
    wrong_spans,
)

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
# The make-up Sunday and the first days off of Spring Festival 2026.
STATUTORY = {date(2026, 2, 14): True, date(2026, 2, 16): False, date(2026, 2, 17): False}
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("03-04T08:59:59.999999", False),
        ("03-04T09:00", True),
        ("03-04T11:59:59.999999", True),
        ("03-04T12:00", False),
        ("03-04T13:30", True),
        ("03-04T18:00", False),
        ("03-07T10:00", False),  # a Saturday
        ("02-14T10:00", True),  # a Saturday that makes up for a day off
        ("02-16T10:00", False),  # a Monday off
    ],
)
def test_who_has_said_nothing_keeps_the_usual_hours_and_chinas_days(moment, there):
    assert is_available(at(moment), Rhythm(SHANGHAI), statutory=STATUTORY) is there


def test_hours_are_those_of_the_persons_own_zone_whatever_it_is():
    rhythm = Rhythm(LONDON)
    assert not is_available(at("03-04T10:00"), rhythm, statutory={})
    assert is_available(at("03-04T10:00", LONDON), rhythm, statutory={})
    # The clocks were put forward on 29 March: nine o'clock is another instant, and still nine o'clock.
    assert is_available(at("03-30T09:00", LONDON), rhythm, statutory={})


def test_who_does_not_keep_statutory_days_works_as_in_any_week():
    rhythm = Rhythm(SHANGHAI, keeps_statutory_days=False)
    assert is_available(at("02-16T10:00"), rhythm, statutory=STATUTORY)
    assert not is_available(at("02-14T10:00"), rhythm, statutory=STATUTORY)


def test_a_make_up_day_is_worked_like_the_first_weekday_that_has_hours():
    part_time = Rhythm(SHANGHAI, ((), ((600, 660),), (), (), (), (), ()))
    assert is_available(at("02-14T10:30"), part_time, statutory=STATUTORY)
    assert not is_available(at("02-14T09:30"), part_time, statutory=STATUTORY)


def test_a_leave_goes_before_a_duty_and_a_duty_before_the_hours():
    night, leave = (at("03-04T20:00"), at("03-05T08:00")), (at("03-04T22:00"), at("03-06T00:00"))
    said = {"statutory": {}, "duties": [night], "leaves": [leave]}
    states = [
        state_at(at(f"03-0{moment}"), Rhythm(SHANGHAI), **said)
        for moment in ("4T19:59", "4T20:00", "4T22:00")
    ]
    assert states == [State.OFF, State.ON_DUTY, State.ON_LEAVE]
    assert state_at(leave[1] - TICK, Rhythm(SHANGHAI), **said) == State.ON_LEAVE
    assert state_at(leave[1], Rhythm(SHANGHAI), **said) == State.OFF


def test_leaves_that_follow_on_are_one_absence_and_the_next_hour_comes_after_it():
    leaves = [(at("03-04T09:00"), at("03-05T12:00")), (at("03-05T12:00"), at("03-06T15:00"))]
    rhythm = Rhythm(SHANGHAI)
    assert away_until(leaves, at("03-04T10:00")) == at("03-06T15:00")
    assert away_until(leaves, at("03-03T10:00")) is None
    assert next_start(at("03-04T10:00"), rhythm, statutory={}, leaves=leaves) == at("03-06T15:00")
    assert next_start(at("03-06T18:00"), rhythm, statutory={}, leaves=leaves) == at("03-09T09:00")
    assert next_start(at("03-04T10:00"), Rhythm(SHANGHAI, ((),) * 7), statutory={}) is None


moments = st.builds(
    lambda zone, into: at("01-01T00:00", zone) + into,
    st.sampled_from([SHANGHAI, LONDON]),
    st.timedeltas(timedelta(0), timedelta(days=365)),
)
spans = st.tuples(moments, st.timedeltas(TICK, timedelta(days=9))).map(
    lambda said: (said[0], said[0] + said[1])
)


@given(moments, st.lists(spans, max_size=3), st.lists(spans, max_size=3))
def test_nobody_is_there_during_a_leave_and_somebody_on_duty_otherwise_is(moment, leaves, duties):
    there = is_available(moment, Rhythm(SHANGHAI), statutory=STATUTORY, leaves=leaves, duties=duties)
    if any(start <= moment < end for start, end in leaves):
        assert not there
    elif any(start <= moment < end for start, end in duties):
        assert there


@given(moments, st.lists(spans, max_size=3))
def test_the_next_hour_is_the_first_at_which_somebody_is_there(moment, leaves):
    rhythm = Rhythm(SHANGHAI)
    found = next_start(moment, rhythm, statutory=STATUTORY, leaves=leaves)
    assert found is not None
    assert found >= moment
    assert is_available(found, rhythm, statutory=STATUTORY, leaves=leaves)
    if found > moment:
        assert not is_available(found - TICK, rhythm, statutory=STATUTORY, leaves=leaves)
        assert not is_available(moment, rhythm, statutory=STATUTORY, leaves=leaves)


@pytest.mark.parametrize("spans", [[(600, 600)], [(700, 600)], [(0, 1441)], [(-1, 5)], [(0, 10), (9, 20)]])
def test_hours_no_day_can_have_are_told(spans):
    assert wrong_spans(spans)
    assert not wrong_spans(USUAL_WEEK[0])
