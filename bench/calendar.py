"""`python -m bench.calendar`: how long adding and measuring working time takes, cold and warm."""

import timeit
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.calendar import ROUND_THE_CLOCK, Span, WorkingCalendar, add, between

HOURS: tuple[Span, ...] = ((540, 720), (810, 1080))
START = datetime(2026, 2, 12, 2, 0, tzinfo=UTC)
ROUNDS = 10_000


def office() -> WorkingCalendar:
    """Office hours around Spring Festival, with nothing remembered yet."""
    festival = {date(2026, 2, day): () for day in range(15, 24)}
    return WorkingCalendar(ZoneInfo("Asia/Shanghai"), (HOURS,) * 5 + ((), ()), festival)


def main() -> None:
    """Print microseconds a call."""
    warm = office()
    length, years = timedelta(hours=48), timedelta(days=5 * 365)
    cases = (
        ("add 48 h, cold", lambda: add(office(), START, length), 500),
        ("add 48 h, warm", lambda: add(warm, START, length), ROUNDS),
        ("add 48 h, round the clock", lambda: add(ROUND_THE_CLOCK, START, length), ROUNDS),
        ("between, two weeks, warm", lambda: between(warm, START, START + timedelta(days=14)), ROUNDS),
        ("between, five years, cold", lambda: between(office(), START, START + years), 5),
        ("between, five years, warm", lambda: between(warm, START, START + years), 50),
    )
    for name, call, rounds in cases:
        call()
        print(f"{name:28} {timeit.timeit(call, number=rounds) / rounds * 1e6:10.1f} µs")


if __name__ == "__main__":
    main()
