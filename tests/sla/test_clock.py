"""The arithmetic of a clock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla import clock
from sla.vocabulary import ClockState

START = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))


def running(within=HOUR):
    return clock.start(within=within, at=START)


def test_meeting_the_deadline_to_the_microsecond_is_met():
    assert clock.stop(running(), at=START + HOUR).breached_at is None
    assert clock.stop(running(), at=START + HOUR + TICK).breached_at == START + HOUR


def test_a_pause_moves_the_due_moment_by_its_length():
    paused = clock.pause(running(), at=START + HOUR / 2)
    assert clock.resume(paused, at=START + 5 * HOUR).due_at == START + HOUR + 4.5 * HOUR


def test_an_open_pause_is_closed_before_the_outcome_is_judged():
    paused = clock.pause(running(), at=START + HOUR / 2)
    stopped = clock.stop(paused, at=START + 100 * HOUR)
    assert stopped.breached_at is None
    assert stopped.due_at == START + 100 * HOUR + HOUR / 2


def test_a_pause_after_the_breach_heals_nothing():
    paused = clock.pause(running(), at=START + 2 * HOUR)
    resumed = clock.resume(paused, at=START + 9 * HOUR)
    assert (resumed.breached_at, resumed.due_at) == (START + HOUR, START + HOUR)


def test_a_paused_clock_is_not_checked():
    assert clock.next_check(clock.pause(running(), at=START), done=set()) is None


def test_an_upgrade_counts_from_creation_and_keeps_pauses():
    paused = clock.resume(clock.pause(running(24 * HOUR), at=START), at=START + 2 * HOUR)
    assert clock.retarget(paused, within=HOUR * 4, at=START + 3 * HOUR).due_at == START + 6 * HOUR


def test_an_upgrade_past_its_due_moment_leaves_a_grace():
    late = clock.retarget(running(24 * HOUR), within=HOUR, at=START + 5 * HOUR)
    assert late.due_at == START + 5 * HOUR + timedelta(minutes=15)


def test_the_warnings_come_at_half_and_four_fifths():
    assert clock.reached(running(), at=START + HOUR / 2 - TICK) == []
    assert clock.reached(running(), at=START + HOUR / 2) == [50]
    assert clock.reached(running(), at=START + HOUR * 0.8) == [50, 80]
    assert clock.reached(running(), at=START + HOUR) == [50, 80]
    assert clock.reached(running(), at=START + HOUR + TICK) == [50, 80, 100]


@given(st.lists(st.tuples(spans, spans), max_size=6), spans, spans)
def test_met_exactly_when_the_time_outside_pauses_is_within_the_promise(pauses, within, rest):
    within += TICK
    reading, now, worked, broken = clock.start(within=within, at=START), START, timedelta(0), False
    for work, rested in pauses:
        now += work
        worked += work
        reading = clock.pause(reading, at=now)
        now += rested
        reading = clock.resume(reading, at=now)
    now += rest
    worked += rest
    broken = worked > within
    assert (clock.stop(reading, at=now).breached_at is not None) == broken


@given(spans, st.lists(st.sampled_from([50, 80, 100]), unique=True))
def test_a_running_clock_always_has_a_next_check_until_all_is_done(within, done):
    reading = clock.start(within=within + TICK, at=START)
    assert reading.state == ClockState.RUNNING
    assert (clock.next_check(reading, done=set(done)) is None) == (len(done) == 3)
