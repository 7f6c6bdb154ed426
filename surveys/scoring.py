"""The figures of questionnaires. Pure: answers in, a figure with its numbers out."""

from collections.abc import Iterable
from dataclasses import dataclass

PROMOTER_FROM = 9
DETRACTOR_TO = 6
SATISFIED_FROM = 4


@dataclass(frozen=True)
class Nps:
    """100 × (promoters − detractors) / n; `value` is None where n is 0."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        """All answers, the passives among them."""
        return self.promoters + self.passives + self.detractors

    @property
    def value(self) -> float | None:
        """From -100 to 100."""
        return 100 * (self.promoters - self.detractors) / self.n if self.n else None


@dataclass(frozen=True)
class Csat:
    """The share of 4 and 5; `value` is None where n is 0."""

    numerator: int
    n: int

    @property
    def value(self) -> float | None:
        """From 0 to 1."""
        return self.numerator / self.n if self.n else None


def nps(recommendations: Iterable[int | None]) -> Nps:
    """The net promoter score of answers 0–10; those not given are passed over."""
    given = [score for score in recommendations if score is not None]
    promoters = sum(score >= PROMOTER_FROM for score in given)
    detractors = sum(score <= DETRACTOR_TO for score in given)
    return Nps(promoters=promoters, passives=len(given) - promoters - detractors, detractors=detractors)


def csat(satisfactions: Iterable[int | None]) -> Csat:
    """Customer satisfaction of answers 1–5; those not given are passed over."""
    given = [score for score in satisfactions if score is not None]
    return Csat(numerator=sum(score >= SATISFIED_FROM for score in given), n=len(given))
