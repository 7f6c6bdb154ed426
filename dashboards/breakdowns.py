"""The figures taken apart: over time, by hour, by age, by person, by what was asked. One query each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, Trunc

from accounts.models import User
from catalog.models import Category, Module, Product
from dashboards import cohorts
from dashboards.cohorts import Scope
from dashboards.formulae import AGES, WAITS, Attainment, Share
from dashboards.periods import Period
from dashboards.selectors import Percentile, seconds_between
from sla.vocabulary import Metric
from surveys.scoring import Csat, Nps
from tickets.models import Ticket
from tickets.vocabulary import Tier

Rows = Iterable[Any]
Named = TypeVar("Named", Product, Module, Category, User)
HOURS_A_SLOT = 2
PAINS = 10


def attainment_over_time(scope: Scope, period: Period, *, at: datetime) -> dict[date, dict[str, Attainment]]:
    """First-response promises by piece of the period, then tier."""
    found = {piece.key: {tier: Attainment(0, 0) for tier in Tier.values} for piece in period.buckets()}
    rows = (
        cohorts.clocks(scope)
        .filter(metric=Metric.FIRST_RESPONSE)
        .order_by()
        .values("tier", piece=_piece("ended_on", period))
        .annotate(met=Count("pk", filter=cohorts.MET), broken=Count("pk", filter=cohorts.breached(at)))
    )
    for row in rows:
        found[row["piece"].date()][row["tier"]] = Attainment(row["met"], row["broken"])
    return found


def flow_over_time(scope: Scope, period: Period) -> dict[date, tuple[int, int]]:
    """Tickets filed and tickets resolved by piece of the period. Two queries."""
    filed = _counted(cohorts.opened(scope), "created_at", period)
    resolved = _counted(cohorts.last_resolutions(scope), "resolved_at", period)
    return {piece.key: (filed[piece.key], resolved[piece.key]) for piece in period.buckets()}


def nps_over_time(scope: Scope, period: Period) -> dict[date, Nps]:
    """Recommendations by piece of the period."""
    found = {piece.key: Nps(0, 0, 0) for piece in period.buckets()}
    rows = (
        cohorts.answers(scope)
        .order_by()
        .values(piece=_piece("answered_at", period))
        .annotate(
            promoters=Count("pk", filter=cohorts.PROMOTERS),
            passives=Count("pk", filter=cohorts.PASSIVES),
            detractors=Count("pk", filter=cohorts.DETRACTORS),
        )
    )
    for row in rows:
        found[row["piece"].date()] = Nps(row["promoters"], row["passives"], row["detractors"])
    return found


def _piece(field: str, period: Period) -> Trunc:
    return Trunc(field, period.step.value, tzinfo=period.zone)


def _counted(rows: QuerySet[Any], field: str, period: Period) -> dict[date, int]:
    pieces = rows.order_by().values(piece=_piece(field, period)).annotate(n=Count("pk"))
    found: dict[date, int] = defaultdict(int)
    for row in pieces:
        found[row["piece"].date()] = row["n"]
    return found


def breaches_by_hour(scope: Scope, zone: ZoneInfo, *, at: datetime) -> dict[tuple[int, int], int]:
    """Broken first-response promises by weekday (1 is Monday) and two-hour slot in which they fell due."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    rows = (
        cohorts.clocks(scope)
        .filter(cohorts.breached(at), metric=Metric.FIRST_RESPONSE)
        .order_by()
        .values(weekday=ExtractIsoWeekDay("due_at", tzinfo=zone), hour=ExtractHour("due_at", tzinfo=zone))
        .annotate(n=Count("pk"))
    )
    for row in rows:
        found[row["weekday"], row["hour"] // HOURS_A_SLOT] += row["n"]
    return dict(found)


def waits(scope: Scope) -> list[int]:
    """How many first answers took as long as each of WAITS."""
    counts = {f"bin_{wait.code}": Count("pk", filter=cohorts.waited(wait)) for wait in WAITS}
    found = cohorts.responded(scope).aggregate(**counts)
    return [found[f"bin_{wait.code}"] for wait in WAITS]


def backlog_by_age(scope: Scope, *, at: datetime) -> dict[int | None, list[int]]:
    """The backlog by who holds it (None: nobody), then by each of AGES."""
    moment = cohorts.backlog_moment(scope, at=at)
    counts = {f"bin_{age.code}": Count("pk", filter=cohorts.aged(age, moment=moment)) for age in AGES}
    rows: Rows = cohorts.backlog(scope, at=at).order_by().values("assignee").annotate(**counts)
    return {row["assignee"]: [row[f"bin_{age.code}"] for age in AGES] for row in rows}


@dataclass(frozen=True)
class Volume:
    """How many tickets were filed about something (None: not said), and in the period before."""

    about: Any
    now: int
    before: int


def volume(asked: Scope, before: Scope, field: str, model: type[Named]) -> list[Volume]:
    """Tickets filed by `field` (product, module or category) of the ticket, most first. Two queries."""
    rows = list(_now_and_before(asked, before, field))
    things = model._default_manager.in_bulk([row[field] for row in rows if row[field] is not None])
    return [Volume(things.get(row[field]), row["now"], row["before"]) for row in rows]


@dataclass(frozen=True)
class Pain:
    """A module and category (None: not said): tickets filed now and before, and first contacts resolved now."""

    module: Module | None
    category: Category | None
    now: int
    before: int
    fcr: Share


def pains(asked: Scope, before: Scope, *, at: datetime) -> list[Pain]:
    """The most frequent pairs of module and category. Four queries."""
    rows = list(_now_and_before(asked, before, "module", "category")[:PAINS])
    modules = Module.objects.in_bulk([row["module"] for row in rows if row["module"]])
    categories = Category.objects.in_bulk([row["category"] for row in rows if row["category"]])
    judged = (
        cohorts.resolutions(asked)
        .order_by()
        .values("ticket__module", "ticket__category")
        .annotate(
            settled=Count("pk", filter=cohorts.settled(at)), sufficed=Count("pk", filter=cohorts.sufficed(at))
        )
    )
    shares = {
        (row["ticket__module"], row["ticket__category"]): Share(row["sufficed"], row["settled"])
        for row in judged
    }
    return [
        Pain(
            module=modules.get(row["module"]),
            category=categories.get(row["category"]),
            now=row["now"],
            before=row["before"],
            fcr=shares.get((row["module"], row["category"]), Share(0, 0)),
        )
        for row in rows
    ]


def _now_and_before(asked: Scope, before: Scope, *fields: str) -> QuerySet[Ticket, dict[str, Any]]:
    """Counts of what was filed in either period, most in the first one first."""
    both = Scope(min(asked.start, before.start), max(asked.end, before.end), asked.team, asked.product)
    return (
        cohorts.opened(both)
        .order_by()
        .values(*fields)
        .annotate(
            now=Count("pk", filter=asked.within("created_at")),
            before=Count("pk", filter=before.within("created_at")),
        )
        .filter(now__gt=0)
        .order_by("-now", *fields)
    )


@dataclass(frozen=True)
class Engineer:
    """One person's share of the figures; None is nobody. `load` is what they hold of the backlog."""

    person: User | None
    load: int
    resolved: int
    fcr: Share
    csat: Csat
    median_seconds: float | None


def engineers(scope: Scope, load: dict[int | None, int], *, at: datetime) -> list[Engineer]:
    """Everybody who resolved or holds something, who resolved most first. Three queries."""
    done = _resolved_by(scope, at)
    rated: Rows = (
        cohorts.answers(scope)
        .order_by()
        .values("invitation__engineer")
        .annotate(satisfied=Count("pk", filter=cohorts.SATISFIED), n=Count("satisfaction"))
    )
    csats: dict[int | None, Csat] = {
        row["invitation__engineer"]: Csat(row["satisfied"], row["n"]) for row in rated
    }
    ids = done.keys() | load.keys()
    people = User.objects.in_bulk([pk for pk in ids if pk is not None])
    found = []
    for pk in ids:
        row = done.get(pk, {})
        engineer = Engineer(
            person=people.get(pk) if pk is not None else None,
            load=load.get(pk, 0),
            resolved=row.get("resolved", 0),
            fcr=Share(row.get("sufficed", 0), row.get("settled", 0)),
            csat=csats.get(pk, Csat(0, 0)),
            median_seconds=row.get("median"),
        )
        found.append(engineer)
    return sorted(found, key=lambda one: (one.person is None, -one.resolved, -one.load, str(one.person)))


def _resolved_by(scope: Scope, at: datetime) -> dict[int | None, dict[str, Any]]:
    rows: Rows = (
        cohorts.resolutions(scope)
        .order_by()
        .values("resolved_by")
        .annotate(
            resolved=Count("pk", filter=cohorts.last_in(scope)),
            settled=Count("pk", filter=cohorts.settled(at)),
            sufficed=Count("pk", filter=cohorts.sufficed(at)),
            median=Percentile(seconds_between("started_at", "resolved_at"), 0.5),
        )
    )
    return {row["resolved_by"]: row for row in rows}


def latest_filing() -> Ticket | None:
    """The ticket filed last, whatever became of it; None on a desk without tickets."""
    return Ticket.objects.order_by("-created_at").first()
