"""The finding in a sentence."""

from dataclasses import replace

import pytest

from dashboards.finding import Kind, broken_streak, statements
from dashboards.formulae import Attainment, Durations, Fcr, Figures, Share
from dashboards.periods import Step
from dashboards.sentences import clauses
from surveys.scoring import Csat, Nps

NOTHING = {"urgent": Attainment(0, 0), "general": Attainment(0, 0), "consultation": Attainment(0, 0)}
EMPTY = Figures(
    opened=0,
    resolved=0,
    backlog=0,
    fcr=Fcr(0, 0),
    nps=Nps(0, 0, 0),
    csat=Csat(0, 0),
    response_rate=Share(0, 0),
    unanswered_yet=0,
    sla={"first_response": NOTHING, "next_response": NOTHING, "resolution": NOTHING},
    first_response_time=Durations(None, None, 0),
    resolution_time=Durations(None, None, 0),
    one_team=Share(0, 0),
)


def with_promises(**tiers):
    return replace(EMPTY, opened=1, sla={**EMPTY.sla, "first_response": {**NOTHING, **tiers}})


def kinds(now, before=EMPTY, course=()):
    return [one.kind for one in statements(now, before, course)]


def test_nothing_happened():
    assert kinds(EMPTY) == [Kind.QUIET]


def test_the_worst_promise_with_enough_tickets_is_what_to_act_on():
    now = with_promises(urgent=Attainment(18, 2), general=Attainment(80, 20), consultation=Attainment(0, 5))
    (said,) = statements(now, EMPTY, ())
    assert (said.kind, said.tier, said.metric, said.strong) == (
        Kind.BROKEN,
        "general",
        "first_response",
        True,
    )


def test_all_kept():
    assert kinds(with_promises(urgent=Attainment(95, 5))) == [Kind.KEPT]


def test_too_few_to_judge():
    assert kinds(with_promises(urgent=Attainment(1, 18))) == [Kind.FEW]


def test_a_streak_counts_back_to_the_last_piece_that_held_and_skips_empty_ones_at_the_end():
    bad, good, none = Attainment(1, 9), Attainment(99, 1), Attainment(0, 0)
    assert broken_streak([bad, good, bad, bad, none]) == 2
    assert broken_streak([bad, none, bad]) == 1
    assert broken_streak([bad, good]) == 0
    assert broken_streak([]) == 0


def test_a_streak_is_said():
    now = with_promises(urgent=Attainment(10, 20))
    course = [{**NOTHING, "urgent": Attainment(3, 7)}] * 3
    (said,) = statements(now, EMPTY, course)
    assert (said.kind, said.pieces) == (Kind.BROKEN_FOR, 3)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (Fcr(30, 40), Fcr(20, 40), [Kind.FCR_UP]),
        (Fcr(20, 40), Fcr(30, 40), [Kind.FCR_DOWN]),
        (Fcr(30, 40), Fcr(30, 40), []),
        (Fcr(10, 19), Fcr(1, 40), []),
    ],
)
def test_a_trend_needs_enough_of_both_and_a_change(now, before, said):
    current, earlier = replace(EMPTY, opened=1, fcr=now), replace(EMPTY, fcr=before)
    assert kinds(current, earlier) == [*said, Kind.FEW]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(40, 48, [Kind.BACKLOG_UP]), (48, 40, [Kind.BACKLOG_DOWN]), (40, 43, []), (100, 105, [])],
)
def test_the_backlog_is_worth_a_word_from_a_tenth_on(before, now, said):
    found = kinds(replace(EMPTY, backlog=now), replace(EMPTY, backlog=before))
    assert found == [Kind.FEW, *said]


@pytest.mark.parametrize("step", list(Step))
def test_every_statement_has_words(step):
    now = replace(with_promises(urgent=Attainment(10, 20)), fcr=Fcr(30, 40), nps=Nps(40, 0, 0), backlog=50)
    before = replace(EMPTY, fcr=Fcr(20, 40), nps=Nps(20, 20, 0))
    said = clauses(statements(now, before, [{**NOTHING, "urgent": Attainment(3, 7)}] * 3), step)
    assert len(said) == 4
    assert all(text.strip() for text, _strong in said)
    assert [strong for _text, strong in said] == [False, False, True, False]
