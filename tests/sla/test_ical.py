"""Days off out of iCal files, good ones and bad ones."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.ical import BadFile, Trouble, read_days

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


def event(*lines):
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def day(start, end="", summary="春节"):
    ends = [f"DTEND;VALUE=DATE:{end}"] if end else []
    return event(f"DTSTART;VALUE=DATE:{start}", *ends, f"SUMMARY:{summary}")


def file(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", *events, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def read(content):
    return read_days(content, first=FIRST, last=LAST)


def trouble(content):
    with pytest.raises(BadFile) as refused:
        read(content)
    return refused.value.trouble


def test_each_day_of_a_range_is_a_day_off_and_the_end_is_not():
    found = read(file(day("20260215", "20260218"), day("20260101", summary="元旦")))
    assert found.days == {
        date(2026, 2, 15): "春节",
        date(2026, 2, 16): "春节",
        date(2026, 2, 17): "春节",
        date(2026, 1, 1): "元旦",
    }


def test_a_length_in_days_is_a_range_too():
    found = read(file(event("DTSTART;VALUE=DATE:20261001", "DURATION:P2D", "SUMMARY:国庆节")))
    assert list(found.days) == [date(2026, 10, 1), date(2026, 10, 2)]


def test_what_has_a_time_of_day_or_was_cancelled_is_left_out_and_counted():
    meeting = event("DTSTART:20260105T090000Z", "DTEND:20260105T100000Z", "SUMMARY:例会")
    cancelled = event("DTSTART;VALUE=DATE:20260106", "STATUS:CANCELLED", "SUMMARY:取消")
    found = read(file(meeting, cancelled, event("SUMMARY:无日期"), day("20260101")))
    assert (list(found.days), found.left_out) == ([date(2026, 1, 1)], 3)


def test_of_a_repeating_event_the_first_occurrence_is_taken_and_it_is_told():
    found = read(file(event("DTSTART;VALUE=DATE:20260501", "RRULE:FREQ=YEARLY", "SUMMARY:劳动节")))
    assert (list(found.days), found.repeating) == ([date(2026, 5, 1)], 1)


def test_two_events_of_a_date_are_one_day_and_a_name_is_one_clean_line():
    found = read(file(day("20260101", summary="元旦\\n 放假"), day("20260101", summary="又一个")))
    assert found.days == {date(2026, 1, 1): "元旦 放假"}
    assert len(read(file(day("20260101", summary="长" * 300))).days[date(2026, 1, 1)]) == 80


def test_a_range_reaches_no_further_than_calendars_do():
    found = read(file(day("19991230", "20000103"), day("99991231", "99991231")))
    assert list(found.days) == [date(2000, 1, 1), date(2000, 1, 2)]
    assert trouble(file(day("18870203"))) == Trouble.NOTHING


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Trouble.NOTHING),
        (b"\x89PNG\r\n\x1a\n", Trouble.UNREADABLE),
        ("日期,名称".encode("gb18030"), Trouble.UNREADABLE),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART", Trouble.UNREADABLE),
        (file(), Trouble.NOTHING),
        (file(event("DTSTART:20260105T090000Z")), Trouble.NOTHING),
        (file(event("DTSTART;VALUE=DATE:20260101", " folded")), Trouble.UNREADABLE),
        (file(event("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:soon")), Trouble.UNREADABLE),
        (file(event("DTSTART;VALUE=DATE:20260101", "DURATION:long")), Trouble.UNREADABLE),
        (file(*[day("20260101")] * 2001), Trouble.TOO_MANY),
        (file(day("20260101", "20350101")), Trouble.TOO_MANY),
        (file(*["X:"] * 50_000), Trouble.TOO_MANY),
        (b" " * (1024 * 1024 + 1), Trouble.TOO_LARGE),
    ],
)
def test_a_file_that_is_not_taken_says_why(content, why):
    assert trouble(content) == why


LINES = [
    "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "DTSTART;VALUE=DATE:20260101",
    "DTSTART;TZID=Nowhere/Nowhere:20260101T000000", "DTEND;VALUE=DATE:20251231", "DURATION:-P3D",
    "DTSTART;VALUE=DATE:99991231", "DURATION:P9999999D", "DTSTART;VALUE=DATE:2026", "SUMMARY", "X:", " folded",
    "SUMMARY;LANGUAGE=zh:春节", "RRULE:FREQ=NEVER", "BEGIN:VTIMEZONE", "DTSTART:19700101T000000",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_no_file_breaks_it(lines):
    with contextlib.suppress(BadFile):
        read(file(*lines))
