"""The figures' formulae."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.formulae import (
    Attainment,
    Share,
    Verdict,
    comparable,
    interval,
    judge_clock,
    judge_first_contact,
)

T = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
WEEK = 7 * DAY
counts = st.integers(0, 10_000)
shares = st.tuples(counts, counts).map(lambda pair: Share(min(pair), max(pair)))


def judged(**facts):
    told = {
        "first_contact": True,
        "resolved_at": T,
        "reopened_at": None,
        "followed_up_at": None,
        "survey_no": False,
        "at": T + 30 * DAY,
    }
    return judge_first_contact(**{**told, **facts})


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, Verdict.SUFFICED),
        ({"first_contact": None}, Verdict.UNKNOWN),
        ({"first_contact": None, "at": T}, Verdict.UNKNOWN),
        ({"first_contact": False}, Verdict.NOT_FIRST),
        ({"reopened_at": T + 6 * DAY}, Verdict.REOPENED),
        ({"reopened_at": T + WEEK - TICK}, Verdict.REOPENED),
        ({"reopened_at": T + WEEK}, Verdict.SUFFICED),
        ({"reopened_at": T + 8 * DAY}, Verdict.SUFFICED),
        ({"followed_up_at": T + WEEK - TICK}, Verdict.FOLLOWED_UP),
        ({"followed_up_at": T + WEEK}, Verdict.SUFFICED),
        ({"survey_no": True}, Verdict.SURVEY_NO),
        ({"at": T + WEEK - TICK}, Verdict.PROVISIONAL),
        ({"at": T + WEEK}, Verdict.SUFFICED),
        # What is known early changes nothing: all of one day are judged together.
        ({"at": T + DAY, "first_contact": False}, Verdict.PROVISIONAL),
        ({"at": T + DAY, "reopened_at": T + TICK}, Verdict.PROVISIONAL),
    ],
)
def test_first_contact(facts, verdict):
    assert judged(**facts) == verdict


@pytest.mark.parametrize(
    ("state", "due", "breached", "kept"),
    [
        ("stopped", T, None, True),
        ("stopped", T - DAY, T - DAY, False),
        ("running", T - TICK, None, False),
        ("running", T, None, None),
        ("running", T + DAY, None, None),
        ("running", T - DAY, T - DAY, False),
        ("paused", T - DAY, None, None),
        ("paused", T - DAY, T - DAY, False),
        ("cancelled", T - DAY, T - DAY, None),
        ("cancelled", T - DAY, None, None),
    ],
)
def test_a_promise(state, due, breached, kept):
    assert judge_clock(state=state, due_at=due, breached_at=breached, at=T) is kept


def test_nothing_is_not_zero():
    assert Share(0, 0).value is None
    assert Attainment(0, 0).value is None
    assert interval(Share(0, 0)) is None
    assert Share(0, 5).value == 0.0


@given(shares)
def test_a_share_is_between_0_and_1_and_within_its_interval(share):
    assert share.misses >= 0
    if share.denominator:
        low, high = interval(share)
        assert 0 <= low <= share.value + 1e-12
        assert share.value - 1e-12 <= high <= 1


@given(st.lists(shares, min_size=1))
def test_pooling_adds_counts_and_never_averages(several):
    pooled = sum(several, start=Share(0, 0))
    assert pooled.numerator == sum(share.numerator for share in several)
    values = [share.value for share in several if share.value is not None]
    assert pooled.value is None or min(values) - 1e-9 <= pooled.value <= max(values) + 1e-9


def test_two_teams_of_unlike_size_are_pooled_by_their_counts():
    assert (Attainment(1, 1) + Attainment(98, 0)).value == 0.99


def test_an_interval_as_in_the_tables():
    low, high = interval(Share(81, 263))
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(("n", "before", "enough"), [(20, 20, True), (19, 500, False), (500, 19, False)])
def test_few_are_not_compared(n, before, enough):
    assert comparable(n, before) is enough
