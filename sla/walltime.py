"""Hours of a day as people write them. Pure: 09:00–12:00, 13:30–18:00 and minutes of the local day."""

import re
from collections.abc import Sequence

from sla.calendar import MINUTES, Span

_MINUTE = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})")
# What stands between two ends, and between two intervals.
_TO = re.compile(r"\s*(?:[-–—~～]|至|到)\s*")
_AND = re.compile(r"\s*[,，、;；\n]\s*")


def parse_minute(text: str) -> int:
    """The minute of the day of 9:00, 09:00 or 24:00. Raises ValueError."""
    found = _MINUTE.fullmatch(text.strip())
    if found is None or int(found[2]) > 59:
        raise ValueError(text)
    minute = int(found[1]) * 60 + int(found[2])
    if minute > MINUTES:
        raise ValueError(text)
    return minute


def minute_text(minute: int) -> str:
    """09:00; the end of the day is 24:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def parse_spans(text: str) -> tuple[Span, ...]:
    """The intervals of 09:00-12:00, 13:30-18:00, in order; no text is a day off. Raises ValueError."""
    spans = []
    for part in filter(None, _AND.split(text.strip())):
        ends = _TO.split(part)
        if len(ends) != 2:
            raise ValueError(part)
        spans.append((parse_minute(ends[0]), parse_minute(ends[1])))
    return tuple(sorted(spans))


def spans_text(spans: Sequence[Span]) -> str:
    """09:00–12:00, 13:30–18:00; nothing for a day off."""
    return ", ".join(f"{minute_text(start)}–{minute_text(end)}" for start, end in sorted(spans))
