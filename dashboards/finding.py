"""What the figures say, in a sentence. Pure: figures in, statements out; `sentences` puts them into words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dashboards.formulae import SMALL, Attainment, Figures, comparable
from sla.vocabulary import Metric

# Below this share of kept promises a tier is worth the first sentence; the line drawn in the chart.
GOAL = 0.95
# A change smaller than this is no trend: percentage points of a share, points of NPS, tickets of backlog.
POINTS, NPS_POINTS, TICKETS, TENTH = 0.01, 3.0, 5, 0.1


class Kind(StrEnum):
    """What can be said."""

    QUIET = "quiet"
    FCR_UP = "fcr_up"
    FCR_DOWN = "fcr_down"
    NPS_UP = "nps_up"
    NPS_DOWN = "nps_down"
    BROKEN = "broken"
    BROKEN_FOR = "broken_for"
    KEPT = "kept"
    FEW = "few"
    BACKLOG_UP = "backlog_up"
    BACKLOG_DOWN = "backlog_down"


@dataclass(frozen=True)
class Statement:
    """One clause; the strong one is what to act on. `tier` and `metric` name a promise, `pieces` a streak."""

    kind: Kind
    strong: bool = False
    tier: str = ""
    metric: str = ""
    attainment: Attainment = field(default_factory=lambda: Attainment(0, 0))
    pieces: int = 0
    before: int = 0
    now: int = 0


def statements(now: Figures, before: Figures, course: Sequence[dict[str, Attainment]]) -> list[Statement]:
    """At most four clauses, from trend to what to act on. `course` is the first response over time, by tier."""
    promises = sum((now.attainment(metric).n for metric in Metric.values), start=0)
    if not (now.opened or now.resolved or promises or now.backlog):
        return [Statement(Kind.QUIET)]
    return [*_trends(now, before), _promises(now, course), *_backlog(now, before)]


def _trends(now: Figures, before: Figures) -> list[Statement]:
    found: list[Statement] = []
    if comparable(now.fcr.denominator, before.fcr.denominator):
        found += _trend(now.fcr.value, before.fcr.value, POINTS, Kind.FCR_UP, Kind.FCR_DOWN)
    if comparable(now.nps.n, before.nps.n):
        found += _trend(now.nps.value, before.nps.value, NPS_POINTS, Kind.NPS_UP, Kind.NPS_DOWN)
    return found


def _trend(now: float | None, before: float | None, least: float, up: Kind, down: Kind) -> list[Statement]:
    change = (now or 0.0) - (before or 0.0)
    if abs(change) < least:
        return []
    return [Statement(up if change > 0 else down)]


def _promises(now: Figures, course: Sequence[dict[str, Attainment]]) -> Statement:
    judged = [
        (tier_attainment.value or 0.0, metric, tier)
        for metric, tiers in now.sla.items()
        for tier, tier_attainment in tiers.items()
        if tier_attainment.n >= SMALL
    ]
    if not judged:
        total = sum((now.attainment(metric) for metric in Metric.values), start=Attainment(0, 0))
        return Statement(Kind.FEW, attainment=total)
    worst, metric, tier = min(judged)
    attainment = now.sla[metric][tier]
    if worst >= GOAL:
        return Statement(Kind.KEPT)
    streak = broken_streak([piece[tier] for piece in course]) if metric == Metric.FIRST_RESPONSE else 0
    kind = Kind.BROKEN_FOR if streak > 1 else Kind.BROKEN
    return Statement(kind, strong=True, tier=tier, metric=metric, attainment=attainment, pieces=streak)


def broken_streak(course: Sequence[Attainment]) -> int:
    """How many pieces in a row, up to the last one with anything to judge, stayed below the goal."""
    streak = 0
    for piece in reversed(course):
        if piece.value is None:
            if streak:
                break
            continue
        if piece.value >= GOAL:
            break
        streak += 1
    return streak


def _backlog(now: Figures, before: Figures) -> list[Statement]:
    change = now.backlog - before.backlog
    if abs(change) < max(TICKETS, TENTH * before.backlog):
        return []
    kind = Kind.BACKLOG_UP if change > 0 else Kind.BACKLOG_DOWN
    return [Statement(kind, before=before.backlog, now=now.backlog)]
