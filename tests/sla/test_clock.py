"""The arithmetic of a clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sla import clock
from sla.calendar import ROUND_THE_CLOCK, WorkingCalendar, add, between
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


# --- on a calendar --------------------------------------------------------------------------------------

OFFICE = WorkingCalendar(
    zone=ZoneInfo("Asia/Shanghai"), week=(((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60)),) * 5 + ((), ())
)
NIGHTS = WorkingCalendar(zone=ZoneInfo("Europe/Berlin"), week=(((22 * 60, 24 * 60),),) * 7)
calendars = st.sampled_from([ROUND_THE_CLOCK, OFFICE, NIGHTS])
moves = st.sampled_from(["pause", "resume", "sooner", "later", "elsewhere"])
stories = st.lists(st.tuples(moves, st.timedeltas(timedelta(0), timedelta(days=4))), max_size=8)


def lived_through(calendar, story):
    """A clock of eight hours after what happened to it, each step that long after the one before; and the pauses."""
    at, pauses, reading = START, [], clock.start(within=8 * HOUR, at=START, calendar=calendar)
    for move, later in story:
        at += later
        if move == "pause":
            reading = clock.pause(reading, at=at)
        elif move == "resume":
            if reading.paused_at:
                pauses.append((reading.paused_at, at))
            reading = clock.resume(reading, at=at)
        else:
            within = {"sooner": 2 * HOUR, "later": 20 * HOUR}.get(move, reading.within)
            other = OFFICE if move == "elsewhere" else None
            reading = clock.retarget(reading, within=within, at=at, calendar=other, pauses=pauses)
    return reading, at, pauses


@given(calendars, stories)
def test_whatever_happens_the_due_moment_is_the_allowed_time_and_the_pauses_on_one_calendar(calendar, story):
    reading, _at, pauses = lived_through(calendar, story)
    if reading.breached_at is None:
        assert reading.due_at == add(reading.calendar, START, reading.allowed + reading.paused_for)
        assert reading.paused_for == sum(
            (between(reading.calendar, *pause) for pause in pauses), timedelta(0)
        )
    else:
        assert reading.breached_at == reading.due_at


@given(calendars, stories)
def test_an_open_promise_is_always_watched_and_its_milestones_come_in_order(calendar, story):
    reading, at, _pauses = lived_through(calendar, story)
    moments = [clock.milestone_at(reading, share) for share in (50, 80, 100, 200)]
    assert reading.breached_at or moments == sorted(moments)
    watched = clock.next_check(reading, done=(), repeats=True)
    assert (watched is None) == (reading.state == ClockState.PAUSED)
    stopped = clock.stop(reading, at=at)
    assert (stopped.breached_at is not None) == (reading.breached_at is not None or at > stopped.due_at)


def test_broken_again_and_again_by_working_time():
    late = clock.judge(clock.start(within=HOUR, at=START, calendar=OFFICE), at=START + 30 * HOUR)
    # START is noon in Shanghai on a Wednesday: 14:30 is due, and six hours later it is 13:00 on Thursday.
    assert late.breached_at == START + 2.5 * HOUR
    assert clock.repeated(late, at=START + 2.5 * HOUR) is None
    assert clock.repeated(late, at=START + 3.5 * HOUR) == 200
    assert clock.next_check(late, done=[50, 80, 100, 200], repeats=True) == START + 4.5 * HOUR
    assert clock.next_check(late, done=[50, 80, 100, 200]) is None
