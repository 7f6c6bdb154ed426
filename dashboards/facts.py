"""Everything the figures page shows, read once."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.urls import reverse

from catalog.models import Category, Module, Product
from dashboards import breakdowns
from dashboards.asking import Asked
from dashboards.breakdowns import Engineer, Pain, Volume
from dashboards.cohorts import Scope
from dashboards.formulae import AGES, Attainment, Figures
from dashboards.periods import Period
from dashboards.selectors import figures
from surveys.scoring import Nps


@dataclass(frozen=True)
class Facts:
    """The figures of the period and the one before it, and the breakdowns of the period."""

    asked: Asked
    at: datetime
    now: Figures
    before: Figures
    attainment: dict[date, dict[str, Attainment]]
    flow: dict[date, tuple[int, int]]
    recommendations: dict[date, Nps]
    hours: dict[tuple[int, int], int]
    waits: list[int]
    backlog: dict[int | None, list[int]]
    products: list[Volume]
    modules: list[Volume]
    categories: list[Volume]
    pains: list[Pain]
    engineers: list[Engineer]

    @property
    def period(self) -> Period:
        """The period asked about."""
        return self.asked.period

    @property
    def today(self) -> date:
        """Today in the zone of the period."""
        return self.at.astimezone(self.period.zone).date()

    @property
    def is_over(self) -> bool:
        """Nothing can happen in the period any more."""
        return self.period.end_at <= self.at

    @cached_property
    def ages(self) -> list[int]:
        """The backlog by age, whoever holds it."""
        return [sum(counts[index] for counts in self.backlog.values()) for index in range(len(AGES))]

    def behind(self, figure: str, period: Period | None = None, /, **narrowing: str | int) -> str:
        """Where the tickets behind a figure are listed."""
        address = reverse("figure-tickets", args=[figure])
        return f"{address}?{self.asked.query(period, **narrowing)}"


def gather(asked: Asked, *, at: datetime) -> Facts:
    """Read it all. A fixed number of queries."""
    scope, before, period = asked.scope, asked.scope_before, asked.period
    backlog = breakdowns.backlog_by_age(scope, at=at)
    load = {person: sum(counts) for person, counts in backlog.items()}
    return Facts(
        asked=asked,
        at=at,
        now=_figures(scope, at),
        before=_figures(before, at),
        attainment=breakdowns.attainment_over_time(scope, period, at=at),
        flow=breakdowns.flow_over_time(scope, period),
        recommendations=breakdowns.nps_over_time(scope, period),
        hours=breakdowns.breaches_by_hour(scope, period.zone, at=at),
        waits=breakdowns.waits(scope),
        backlog=backlog,
        products=breakdowns.volume(scope, before, "product", Product),
        modules=breakdowns.volume(scope, before, "module", Module),
        categories=breakdowns.volume(scope, before, "category", Category),
        pains=breakdowns.pains(scope, before, at=at),
        engineers=breakdowns.engineers(scope, load, at=at),
    )


def _figures(scope: Scope, at: datetime) -> Figures:
    return figures(start=scope.start, end=scope.end, team=scope.team, product=scope.product, at=at)
