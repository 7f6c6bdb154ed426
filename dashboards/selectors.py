"""The numbers behind the figures. A fixed number of queries, each an aggregate."""

from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, ExpressionWrapper, F, FloatField, Q, QuerySet
from django.db.models.fields import DurationField
from django.db.models.functions import Extract

from accounts.models import Team
from catalog.models import Product
from dashboards import cohorts
from dashboards.cohorts import Scope
from dashboards.formulae import Attainment, Durations, Fcr, Figures, Share
from sla.models import Clock
from sla.vocabulary import Metric
from surveys.scoring import Csat, Nps
from tickets.vocabulary import Tier


class Percentile(Aggregate):
    """Postgres' percentile_cont: between the two nearest values, in proportion."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


def seconds_between(start: str, end: str) -> Extract:
    """The seconds from one instant of a row to another."""
    return Extract(ExpressionWrapper(F(end) - F(start), output_field=DurationField()), "epoch")


def figures(
    *, start: datetime, end: datetime, team: Team | None, product: Product | None, at: datetime
) -> Figures:
    """The figures of the period from `start` up to `end`, seen from `at`; of one team and product, if given.

    Seven queries.
    """
    scope = Scope(start, end, team, product)
    filed = cohorts.opened(scope).aggregate(
        opened=Count("pk"),
        with_team=Count("pk", filter=Q(team__isnull=False)),
        one_team=Count("pk", filter=Q(team__isnull=False, handovers=0)),
    )
    resolved = _resolved(scope, at)
    answered = _answered(scope)
    sent = cohorts.invitations(scope).aggregate(
        sent=Count("pk"),
        answered=Count("answer"),
        yet=Count("pk", filter=Q(answer__isnull=True, expires_at__gte=at)),
    )
    return Figures(
        opened=filed["opened"],
        resolved=resolved["tickets"],
        backlog=cohorts.backlog(scope, at=at).count(),
        fcr=Fcr(resolved["sufficed"], resolved["settled"], resolved["provisional"]),
        nps=Nps(answered["promoters"], answered["passives"], answered["detractors"]),
        csat=Csat(answered["satisfied"], answered["rated"]),
        response_rate=Share(sent["answered"], sent["sent"]),
        unanswered_yet=sent["yet"],
        sla=attainments(cohorts.clocks(scope), at=at),
        first_response_time=_first_response_time(scope),
        resolution_time=Durations(resolved["median"], resolved["p90"], resolved["resolutions"]),
        one_team=Share(filed["one_team"], filed["with_team"]),
    )


def _resolved(scope: Scope, at: datetime) -> dict[str, Any]:
    length = seconds_between("started_at", "resolved_at")
    return cohorts.resolutions(scope).aggregate(
        tickets=Count("ticket", distinct=True),
        resolutions=Count("pk"),
        settled=Count("pk", filter=cohorts.settled(at)),
        provisional=Count("pk", filter=cohorts.provisional(at)),
        sufficed=Count("pk", filter=cohorts.sufficed(at)),
        median=Percentile(length, 0.5),
        p90=Percentile(length, 0.9),
    )


def _first_response_time(scope: Scope) -> Durations:
    length = seconds_between("created_at", "first_responded_at")
    found = cohorts.responded(scope).aggregate(
        n=Count("pk"), median=Percentile(length, 0.5), p90=Percentile(length, 0.9)
    )
    return Durations(found["median"], found["p90"], found["n"])


def _answered(scope: Scope) -> dict[str, int]:
    return cohorts.answers(scope).aggregate(
        promoters=Count("pk", filter=cohorts.PROMOTERS),
        passives=Count("pk", filter=cohorts.PASSIVES),
        detractors=Count("pk", filter=cohorts.DETRACTORS),
        satisfied=Count("pk", filter=cohorts.SATISFIED),
        rated=Count("satisfaction"),
    )


def attainments(clocks: QuerySet[Clock], *, at: datetime) -> dict[str, dict[str, Attainment]]:
    """What became of the promises of `clocks`, by metric, then tier; every metric and tier is there. One query."""
    found = {metric: {tier: Attainment(0, 0) for tier in Tier.values} for metric in Metric.values}
    rows = (
        clocks.order_by()
        .values("metric", "tier")
        .annotate(met=Count("pk", filter=cohorts.MET), broken=Count("pk", filter=cohorts.breached(at)))
    )
    for row in rows:
        found[row["metric"]][row["tier"]] = Attainment(row["met"], row["broken"])
    return found
