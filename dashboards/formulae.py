"""The figures' formulae. Pure: counts and instants come in, `at` among them.

A share's numerator is counted among its denominator; where the denominator is 0 there is no value, which is
not 0. Figures are pooled by adding counts, never by averaging values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from sla.vocabulary import ClockState
from surveys.scoring import Csat, Nps

# What happens to a ticket this long after its resolution is held against the first contact.
HELD_AGAINST_FOR = timedelta(days=7)
# Fewer than this are not compared: the difference would be chance.
SMALL = 20
# The normal quantile of a 95 % interval.
Z95 = 1.959964


@dataclass(frozen=True)
class Share:
    """Some of the same things: `value` from 0 to 1, None where there are none."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The share."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def misses(self) -> int:
        """Those of the denominator that are not in the numerator."""
        return self.denominator - self.numerator

    def __add__(self, other: Share) -> Share:
        return Share(self.numerator + other.numerator, self.denominator + other.denominator)


@dataclass(frozen=True)
class Fcr(Share):
    """First-contact resolution among the resolutions whose 7 days are over; the younger ones are apart."""

    provisional: int = 0


@dataclass(frozen=True)
class Attainment:
    """Promises that have ended or fallen due."""

    met: int
    breached: int

    @property
    def n(self) -> int:
        """All that can be judged."""
        return self.met + self.breached

    @property
    def value(self) -> float | None:
        """met / (met + breached), from 0 to 1; None where there are none."""
        return self.met / self.n if self.n else None

    def __add__(self, other: Attainment) -> Attainment:
        return Attainment(self.met + other.met, self.breached + other.breached)


@dataclass(frozen=True)
class Durations:
    """Lengths of time in seconds, on the wall. All calendars are 24×7, so working time is the same.

    Percentiles lie between the two nearest lengths in proportion (continuous, as Postgres' percentile_cont).
    """

    median_seconds: float | None
    p90_seconds: float | None
    n: int


@dataclass(frozen=True)
class Figures:
    """All headline figures of a scope. `sla` is by metric, then tier; every metric and tier is there."""

    opened: int
    resolved: int
    backlog: int
    fcr: Fcr
    nps: Nps
    csat: Csat
    response_rate: Share
    # Sent questionnaires that can still be answered.
    unanswered_yet: int
    sla: dict[str, dict[str, Attainment]]
    first_response_time: Durations
    resolution_time: Durations
    # Of the tickets filed that ever had a team: those never handed over.
    one_team: Share

    def attainment(self, metric: str) -> Attainment:
        """A metric's promises of all tiers, pooled."""
        return sum(self.sla[metric].values(), start=Attainment(0, 0))


class Verdict(StrEnum):
    """How a first contact is judged; the later ones are why it did not suffice, the first that holds."""

    UNKNOWN = "unknown"
    PROVISIONAL = "provisional"
    SUFFICED = "sufficed"
    NOT_FIRST = "not_first"
    REOPENED = "reopened"
    FOLLOWED_UP = "followed_up"
    SURVEY_NO = "survey_no"


def judge_first_contact(
    *,
    first_contact: bool | None,
    resolved_at: datetime,
    reopened_at: datetime | None,
    followed_up_at: datetime | None,
    survey_no: bool,
    at: datetime,
) -> Verdict:
    """Whether the first contact sufficed, seen from `at`.

    `first_contact` is what was known at the resolution, `followed_up_at` when the first follow-up came. Only
    what comes less than 7 days after the resolution is held against it, and until these are over nothing is
    said; a “no” in the questionnaire is held against it whenever it comes.
    """
    if first_contact is None:
        return Verdict.UNKNOWN
    until = resolved_at + HELD_AGAINST_FOR
    if at < until:
        return Verdict.PROVISIONAL
    if not first_contact:
        return Verdict.NOT_FIRST
    if reopened_at is not None and reopened_at < until:
        return Verdict.REOPENED
    if followed_up_at is not None and followed_up_at < until:
        return Verdict.FOLLOWED_UP
    return Verdict.SURVEY_NO if survey_no else Verdict.SUFFICED


def judge_clock(*, state: str, due_at: datetime, breached_at: datetime | None, at: datetime) -> bool | None:
    """Whether a promise was kept, seen from `at`; None when that cannot be said yet, or never.

    One still running past its due moment is broken; one that is paused is not past it; a cancelled one counts
    for nothing.
    """
    if state == ClockState.CANCELLED:
        return None
    if breached_at is not None or (state == ClockState.RUNNING and due_at < at):
        return False
    return True if state == ClockState.STOPPED else None


def interval(share: Share) -> tuple[float, float] | None:
    """The 95 % interval of a share after Wilson, within 0 and 1; None where there is nothing."""
    n, p = share.denominator, share.value
    if p is None:
        return None
    centre = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    reach = Z95 / (1 + Z95**2 / n) * sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
    return max(0.0, centre - reach), min(1.0, centre + reach)


@dataclass(frozen=True)
class Bin:
    """Lengths of time above `above` and up to `upto`; None is no border."""

    above: timedelta | None
    upto: timedelta | None

    @property
    def code(self) -> str:
        """What addresses and tables call it: its upper border in hours, `more` for the last one."""
        return "more" if self.upto is None else str(int(self.upto / HOUR))


def bins(*borders: timedelta) -> tuple[Bin, ...]:
    """The bins between some borders, open at both ends."""
    return tuple(Bin(above, upto) for above, upto in pairwise((None, *borders, None)))


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WAITS = bins(HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR, 48 * HOUR)
AGES = bins(DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY)


def comparable(n: int, n_before: int) -> bool:
    """Whether there are enough of both to speak of a change."""
    return min(n, n_before) >= SMALL
