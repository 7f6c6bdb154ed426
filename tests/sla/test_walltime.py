"""Hours of a day as people write them."""

import pytest
from hypothesis import given

from sla.walltime import minute_text, parse_minute, parse_spans, spans_text
from tests.sla.test_calendar import some_hours

OFFICE = ((540, 720), (810, 1080))


@pytest.mark.parametrize(
    "text",
    [
        "09:00-12:00, 13:30-18:00",
        "9:00–12:00，13:30–18:00",
        "13:30~18:00、9：00至12：00",
        " 9:00 - 12:00\n13:30 到 18:00 ",
    ],
)
def test_hours_are_understood_however_they_are_written(text):
    assert parse_spans(text) == OFFICE


@pytest.mark.parametrize(
    "text", ["9", "9-12", "09:00", "09:00-12:00-13:00", "09:60-10:00", "24:01-24:30", "٠٩:00-10:00"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"\d"):
        parse_spans(text)


def test_the_day_ends_at_24():
    assert (parse_minute("24:00"), minute_text(1440), parse_spans("")) == (1440, "24:00", ())


@given(some_hours())
def test_hours_are_read_back_as_they_were_written(spans):
    assert parse_spans(spans_text(spans)) == spans
