"""How a due moment came about, day by day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sla import clock
from sla.calendar import ROUND_THE_CLOCK, WorkingCalendar, between
from sla.explaining import MOST_LINES, Aimed, DayName, LineKind, PartKind, Waited, explain, split

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
# The National Day of 2026: off from the 1st to the 7th, made up for on Saturday the 10th.
OFF = {date(2026, 10, day): () for day in (1, 2, 5, 6, 7)}
OFFICE = WorkingCalendar(SHANGHAI, (HOURS,) * 5 + ((), ()), {**OFF, date(2026, 10, 10): HOURS})
NAMES = {
    **{date(2026, 10, day): DayName("国庆节") for day in range(1, 8)},
    date(2026, 10, 10): DayName("国庆节", makeup=True),
}
HOUR, MINUTE, ZERO = timedelta(hours=1), timedelta(minutes=1), timedelta(0)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def started(text: str, hours: float, calendar: WorkingCalendar = OFFICE) -> clock.Reading:
    return clock.start(within=hours * HOUR, at=local(text), calendar=calendar)


def shown(line) -> list[str]:
    """The parts of a line such as `counted 09:00–12:00`, in Shanghai."""
    return [
        f"{part.kind} {part.since.astimezone(SHANGHAI):%H:%M}–{part.until.astimezone(SHANGHAI):%H:%M}"
        for part in line.parts
    ]


def test_a_day_tells_its_hours_its_lunch_and_the_total():
    told = explain(started("2026-03-04T11:00", 8))
    first, second = told.lines
    assert shown(first) == [
        "counted 11:00–12:00", "break 12:00–13:30", "counted 13:30–18:00", "night 18:00–00:00",
    ]  # fmt: skip
    assert (first.kind, first.counted, first.total) == (LineKind.WORKING, 5.5 * HOUR, 5.5 * HOUR)
    assert shown(second) == ["night 00:00–09:00", "counted 09:00–11:30"]
    assert second.total == 8 * HOUR


def test_holiday_and_weekend_are_one_line_and_the_make_up_saturday_is_worked():
    told = explain(started("2026-09-30T16:00", 30), names=NAMES)
    kinds = [(line.kind, line.first.day, line.last.day, line.names) for line in told.lines]
    assert kinds == [
        (LineKind.WORKING, 30, 30, ()),
        (LineKind.HOLIDAY, 1, 7, ("国庆节",)),
        (LineKind.WORKING, 8, 8, ()),
        (LineKind.WORKING, 9, 9, ()),
        (LineKind.MAKEUP, 10, 10, ("国庆节",)),
        (LineKind.WEEKEND, 11, 11, ()),
        (LineKind.WORKING, 12, 12, ()),
    ]


def test_a_ticket_filed_after_hours_counts_nothing_that_day():
    first, second = explain(started("2026-03-04T20:00", 1)).lines
    assert shown(first) == ["night 20:00–00:00"]
    assert shown(second) == ["night 00:00–09:00", "counted 09:00–10:00"]


def test_a_due_moment_at_the_end_of_a_day_brings_no_line_of_the_next():
    assert [line.first.day for line in explain(started("2026-03-06T17:00", 1)).lines] == [6]


def test_round_the_clock_is_one_plain_line():
    reading = started("2026-03-04T12:00", 72, ROUND_THE_CLOCK)
    (line,) = explain(reading).lines
    assert (line.kind, line.counted, line.days) == (LineKind.ALWAYS, 72 * HOUR, 4)


def test_a_pause_is_cut_out_of_what_counts_and_moves_the_moment():
    since, until = local("2026-03-04T11:30"), local("2026-03-04T14:00")
    reading = clock.resume(clock.pause(started("2026-03-04T11:00", 2), at=since), at=until)
    told = explain(reading, waits=[Waited("customer", True, since, until)])
    assert shown(told.lines[0])[:4] == [
        "counted 11:00–11:30", "paused 11:30–12:00", "break 12:00–13:30", "paused 13:30–14:00",
    ]  # fmt: skip
    assert (told.counted, told.paused, told.pauses[0].added) == (2 * HOUR, HOUR, HOUR)


def test_an_open_pause_and_a_wait_that_pauses_nothing_stand_on_their_day():
    since = local("2026-03-05T10:00")
    reading = clock.pause(started("2026-03-04T16:00", 8), at=since)
    vendor = Waited("vendor", False, local("2026-03-04T17:00"), local("2026-03-05T09:30"))
    told = explain(reading, waits=[vendor, Waited("customer", True, since)])
    assert [line.waits for line in told.lines] == [(vendor,), (Waited("customer", True, since),)]
    assert (told.counted, told.paused) == (8 * HOUR, ZERO)


def test_a_change_stands_on_its_day_and_a_grace_is_told():
    at = local("2026-03-05T10:00")
    before = started("2026-03-04T09:00", 24)
    after = clock.retarget(before, within=HOUR, at=at)
    change = Aimed(at, before.due_at, after.due_at, "urgent", grace=True, why="tier")
    told = explain(after, changes=[change])
    assert [line.changes for line in told.lines] == [(), (change,)]
    assert told.grace == after.allowed - HOUR > ZERO
    assert told.counted == after.allowed


def test_a_long_span_is_shortened_in_the_middle():
    told = explain(started("2026-03-04T09:00", 900))
    (gap,) = [line for line in told.lines if line.kind == LineKind.LEFT_OUT]
    assert len(told.lines) == MOST_LINES
    assert told.counted == 900 * HOUR
    assert sum(line.days for line in told.lines) == (told.lines[-1].last - told.lines[0].first).days + 1
    assert gap.counted > 600 * HOUR


def test_pauses_of_which_only_the_length_is_known_are_told_apart():
    reading = clock.Reading(
        HOUR, HOUR, local("2026-03-04T09:00"), local("2026-03-04T12:00"), paused_for=2 * HOUR
    )
    told = explain(reading)
    assert (told.counted, told.unplaced) == (3 * HOUR, 2 * HOUR)


def test_the_time_of_a_finished_clock_is_split():
    since, until = local("2026-03-04T14:00"), local("2026-03-04T15:00")
    reading = clock.resume(clock.pause(started("2026-03-04T11:00", 4), at=since), at=until)
    reading = clock.stop(reading, at=local("2026-03-05T10:00"))
    waits = [
        Waited("customer", True, since, until),
        Waited("vendor", False, local("2026-03-04T17:00"), local("2026-03-05T09:30")),
    ]
    parts = explain(reading, waits=waits).split
    assert parts is not None
    assert (parts.ours, parts.vendor, parts.customer) == (4 * HOUR, 1.5 * HOUR, HOUR)
    assert parts.wall == 23 * HOUR


@pytest.mark.parametrize("ends", ["cancel", "nothing"])
def test_a_clock_that_has_not_ended_is_not_split(ends):
    reading = started("2026-03-04T11:00", 4)
    assert explain(clock.cancel(reading) if ends == "cancel" else reading).split is None


spans = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(
    lambda ends: tuple(zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)
days = st.dates(date(2026, 3, 1), date(2026, 4, 10))
calendars = st.builds(
    WorkingCalendar,
    st.sampled_from([SHANGHAI, BERLIN]),
    st.tuples(*[spans] * 7),
    st.dictionaries(days, spans, max_size=8),
)
lengths = st.timedeltas(min_value=ZERO, max_value=timedelta(days=4))


@given(calendars, st.lists(st.tuples(lengths, lengths, st.booleans()), max_size=5), lengths, lengths, lengths)
def test_what_counts_up_to_the_due_moment_is_what_was_allowed_and_its_pauses(
    calendar, pauses, within, other, rest
):
    assume(sum(end - start for spans in calendar.week for start, end in spans) > 60)
    now = local("2026-03-20T10:17")
    reading = clock.start(within=within + MINUTE, at=now, calendar=calendar)
    waits = []
    for work, rested, pausing in pauses:
        since, now = now + work, now + work + rested
        if pausing:
            reading = clock.resume(clock.pause(reading, at=since), at=now)
        waits.append(Waited("customer" if pausing else "vendor", pausing, since, now))
    reading = clock.retarget(reading, within=other + MINUTE, at=now)
    told = explain(reading, waits=waits)
    assert told.unplaced == ZERO
    assert told.counted == reading.allowed
    assert told.counted + told.paused == between(calendar, reading.started_at, reading.due_at)
    _lines_hang_together(told)
    stopped = clock.stop(reading, at=now + rest)
    parts = split(stopped, waits, until=now + rest)
    assert parts.wall == now + rest - reading.started_at
    assert min(parts.ours, parts.vendor, parts.customer, parts.off) >= ZERO


def _lines_hang_together(told) -> None:
    """Days follow each other without a hole, parts without an overlap, within the start and the due moment."""
    for before, after in pairwise(told.lines):
        assert after.first == before.last + timedelta(days=1)
    parts = [part for line in told.lines for part in line.parts]
    for before, after in pairwise(parts):
        assert before.until <= after.since
    assert all(told.reading.started_at <= part.since < part.until <= told.reading.due_at for part in parts)
    assert {part.kind for part in parts} <= set(PartKind)
