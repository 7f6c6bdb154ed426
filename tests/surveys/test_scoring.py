"""The figures of questionnaires."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring import csat, nps

scores = st.lists(st.none() | st.integers(0, 10))


def test_nps_counts_sevens_and_eights_in_the_denominator_only():
    found = nps([10, 9, 8, 7, 6, 0, None])
    assert (found.promoters, found.passives, found.detractors, found.n, found.value) == (2, 2, 2, 6, 0.0)


def test_nobody_asked_is_no_figure():
    assert nps([]).value is None
    assert csat([None]).value is None


def test_csat_is_the_share_of_fours_and_fives():
    assert (csat([5, 4, 3, None]).numerator, csat([5, 4, 3, None]).n) == (2, 3)


@given(scores)
def test_nps_stays_between_its_ends_and_counts_everybody_once(given_scores):
    found = nps(given_scores)
    assert found.n == sum(score is not None for score in given_scores)
    assert found.value is None or -100 <= found.value <= 100
