"""A customer's month: what was promised, what was kept, and every promise that was not. The rows are the figures'."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import Organisation, User
from dashboards import cohorts
from dashboards.cohorts import Scope
from dashboards.formulae import Attainment
from dashboards.periods import Period, months_later
from dashboards.selectors import attainments
from sla.explaining import Split
from sla.explanations import split_of
from sla.models import Clock
from sla.vocabulary import Metric
from tickets.models import Ticket
from tickets.vocabulary import Tier

# Months are those of the customers, whoever reads.
ZONE = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTHS_LISTED = 12


class NotBegun(Exception):
    """The month lies in the future."""


@dataclass(frozen=True)
class Kept:
    """The promises of a metric and tier that ended or fell due in the month."""

    metric: str
    tier: str
    attainment: Attainment


@dataclass(frozen=True)
class Miss:
    """A promise that was not kept. `subject` is empty where the ticket is not the reader's to see.

    `ended_at` is None while it is still owed; `late` and `split` then go up to the moment of the statement.
    """

    number: str
    subject: str
    is_visible: bool
    metric: str
    cycle: int
    tier: str
    due_at: datetime
    ended_at: datetime | None
    late: timedelta
    split: Split


@dataclass(frozen=True)
class Statement:
    """An organisation's month as seen from `at`."""

    organisation: Organisation
    month: Period
    at: datetime
    filed: int
    resolved: int
    kept: tuple[Kept, ...]
    misses: tuple[Miss, ...]

    @property
    def is_final(self) -> bool:
        """The month is over."""
        return self.at >= self.month.end_at

    @property
    def total(self) -> Attainment:
        """All promises, pooled."""
        return sum((row.attainment for row in self.kept), start=Attainment(0, 0))

    def of(self, metric: str) -> Attainment:
        """A metric's promises of all tiers, pooled."""
        rows = [row.attainment for row in self.kept if row.metric == metric]
        return sum(rows, start=Attainment(0, 0))


def parse_month(text: str) -> Period:
    """The month of 2026-11. Raises ValueError."""
    year, dash, month = text.partition("-")
    is_written_so = dash and len(year) == 4 and len(month) == 2 and (year + month).isascii()
    if not (is_written_so and (year + month).isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR):
        raise ValueError(text)
    return month_of(date(int(year), int(month), 1))


def month_of(day: date) -> Period:
    """The month a day lies in."""
    first = day.replace(day=1)
    return Period(first, months_later(first, 1), ZONE)


def readable(reader: User) -> QuerySet[Organisation]:
    """Whose statements somebody may read: everybody's, the own organisation's as its contact manager, or nobody's."""
    if reader.reads_figures:
        return Organisation.objects.all()
    if reader.is_customer and reader.is_contact_manager and reader.organisation_id is not None:
        return Organisation.objects.filter(pk=reader.organisation_id)
    return Organisation.objects.none()


def statement(organisation: Organisation, month: Period, *, reader: User, at: datetime) -> Statement:
    """The organisation's month. Six queries and one for each calendar. Raises NotBegun."""
    if month.start_at > at:
        raise NotBegun
    scope = Scope(month.start_at, month.end_at)
    rows = cohorts.clocks(scope).filter(ticket__organisation=organisation)
    found = attainments(rows, at=at)
    return Statement(
        organisation=organisation,
        month=month,
        at=at,
        filed=cohorts.opened(scope).filter(organisation=organisation).count(),
        resolved=cohorts.last_resolutions(scope).filter(ticket__organisation=organisation).count(),
        kept=tuple(
            Kept(metric, tier, found[metric][tier])
            for metric in Metric.values
            for tier in Tier.values
            if found[metric][tier].n
        ),
        misses=tuple(_misses(rows.filter(cohorts.breached(at)), reader, at)),
    )


def _misses(rows: QuerySet[Clock], reader: User, at: datetime) -> Iterable[Miss]:
    clocks = list(
        rows.select_related("ticket")
        .prefetch_related("waits")
        .defer("ticket__description", "ticket__resolution", "ticket__search")
        .order_by("due_at", "pk")
    )
    ids = {clock.ticket_id for clock in clocks}
    seen = set(Ticket.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True))
    for clock in clocks:
        yield Miss(
            number=clock.ticket.number,
            subject=clock.ticket.subject if clock.ticket_id in seen else "",
            is_visible=clock.ticket_id in seen,
            metric=clock.metric,
            cycle=clock.cycle,
            tier=clock.tier,
            due_at=clock.due_at,
            ended_at=clock.stopped_at,
            late=(clock.stopped_at or at) - clock.due_at,
            split=split_of(clock, at=at),
        )


@dataclass(frozen=True)
class Row:
    """An organisation and its months, the newest first."""

    organisation: Organisation
    months: tuple[Attainment, ...]


def overview(reader: User, *, at: datetime) -> tuple[list[Period], list[Row]]:
    """The last twelve months, this one first, and what became of each organisation's promises in them. Two queries."""
    this = month_of(at.astimezone(ZONE).date())
    months = [month_of(months_later(this.first, -back)) for back in range(MONTHS_LISTED)]
    organisations = list(readable(reader).filter(is_active=True))
    rows = (
        cohorts.clocks(Scope(months[-1].start_at, this.end_at))
        .filter(ticket__organisation__in=readable(reader).order_by().values("pk"))
        .annotate(organisation=F("ticket__organisation"), month=TruncMonth("ended_on", tzinfo=ZONE))
        .order_by()
        .values("organisation", "month")
        .annotate(met=Count("pk", filter=cohorts.MET), broken=Count("pk", filter=Q(cohorts.breached(at))))
    )
    found = {
        (row["organisation"], row["month"].date()): Attainment(row["met"], row["broken"]) for row in rows
    }
    return months, [
        Row(one, tuple(found.get((one.pk, month.first), Attainment(0, 0)) for month in months))
        for one in organisations
    ]
