"""The tickets behind a figure: the same rows that were counted, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from dashboards import cohorts
from dashboards.cohorts import TO_TICKET, Scope
from dashboards.formulae import AGES, WAITS, Bin
from sla.vocabulary import Metric
from surveys.models import Answer, Solved
from tickets.models import Ticket
from tickets.selectors import LONG, SHOWN_WITH
from tickets.vocabulary import Tier

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NOBODY = "none"
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Behind:
    """What a figure counts, and how its rows lead to the ticket.

    `rows` gives every row of the figure, annotated or not; `moment` is the field whose date put it there,
    `ticket` the way to the ticket, `person` to the engineer and `tier` to the tier it is counted under.
    `parts` narrows the rows; `all` is what the figure calls n.
    """

    rows: Callable[[Scope, datetime], Rows]
    moment: str
    ticket: str
    person: str
    parts: Mapping[str, Callable[[datetime], Q]]
    tier: str = ""

    @property
    def tier_field(self) -> str:
        """A clock has a tier of its own; else it is the ticket's."""
        return self.tier or f"{self.ticket}tier"


def _always(condition: Q) -> Callable[[datetime], Q]:
    return lambda at: condition


ALL = _always(Q())


def _clocks(metric: str) -> Behind:
    return Behind(
        rows=lambda scope, at: cohorts.clocks(scope).filter(metric=metric),
        moment="ended_on",
        ticket="ticket__",
        person="ticket__assignee",
        tier="tier",
        parts={
            "all": lambda at: cohorts.MET | cohorts.breached(at),
            "met": _always(cohorts.MET),
            "breached": cohorts.breached,
        },
    )


def _first_resolutions(scope: Scope, at: datetime) -> Rows:
    """With what may be held against them, so that each can say why it counts as it does."""
    followed = (
        Ticket.objects.order_by().filter(follow_up_of=OuterRef("ticket")).values("follow_up_of")
    ).annotate(first=Min("created_at"))
    no = Answer.objects.filter(invitation__resolution=OuterRef("pk"), solved=Solved.NO)
    found = cohorts.resolutions(scope).filter(cohorts.FIRST)
    return found.annotate(followed_up_at=Subquery(followed.values("first")), survey_no=Exists(no))


FIGURES: Mapping[str, Behind] = {
    "fcr": Behind(
        rows=_first_resolutions,
        moment="resolved_at",
        ticket="ticket__",
        person="resolved_by",
        parts={
            "all": cohorts.settled,
            "sufficed": cohorts.sufficed,
            "misses": lambda at: cohorts.settled(at) & ~cohorts.sufficed(at),
            "provisional": cohorts.provisional,
        },
    ),
    "nps": Behind(
        rows=lambda scope, at: cohorts.answers(scope),
        moment="answered_at",
        ticket=TO_TICKET,
        person="invitation__engineer",
        parts={
            "all": _always(Q(recommend__isnull=False)),
            "promoters": _always(cohorts.PROMOTERS),
            "passives": _always(cohorts.PASSIVES),
            "detractors": _always(cohorts.DETRACTORS),
        },
    ),
    "csat": Behind(
        rows=lambda scope, at: cohorts.answers(scope),
        moment="answered_at",
        ticket=TO_TICKET,
        person="invitation__engineer",
        parts={
            "all": _always(Q(satisfaction__isnull=False)),
            "satisfied": _always(cohorts.SATISFIED),
            "unsatisfied": _always(Q(satisfaction__isnull=False) & ~cohorts.SATISFIED),
        },
    ),
    "response-rate": Behind(
        rows=lambda scope, at: cohorts.invitations(scope).select_related("answer"),
        moment="sent_at",
        ticket="resolution__ticket__",
        person="engineer",
        parts={
            "all": ALL,
            "answered": _always(Q(answer__isnull=False)),
            "unanswered": _always(Q(answer__isnull=True)),
        },
    ),
    "first-response": _clocks(Metric.FIRST_RESPONSE),
    "next-response": _clocks(Metric.NEXT_RESPONSE),
    "resolution": _clocks(Metric.RESOLUTION),
    "first-response-time": Behind(
        rows=lambda scope, at: cohorts.responded(scope),
        moment="first_responded_at",
        ticket="",
        person="assignee",
        parts={"all": ALL},
    ),
    "resolution-time": Behind(
        rows=lambda scope, at: cohorts.resolutions(scope),
        moment="resolved_at",
        ticket="ticket__",
        person="resolved_by",
        parts={"all": ALL},
    ),
    "opened": Behind(
        rows=lambda scope, at: cohorts.opened(scope),
        moment="created_at",
        ticket="",
        person="assignee",
        parts={"all": ALL},
    ),
    "resolved": Behind(
        rows=lambda scope, at: cohorts.last_resolutions(scope),
        moment="resolved_at",
        ticket="ticket__",
        person="resolved_by",
        parts={"all": ALL},
    ),
    "backlog": Behind(
        rows=lambda scope, at: cohorts.backlog(scope, at=at),
        moment="created_at",
        ticket="",
        person="assignee",
        parts={"all": ALL},
    ),
    "one-team": Behind(
        rows=lambda scope, at: cohorts.opened(scope).filter(team__isnull=False),
        moment="created_at",
        ticket="",
        person="assignee",
        parts={
            "all": ALL,
            "stayed": _always(Q(handovers=0)),
            "handed-over": _always(Q(handovers__gt=0)),
        },
    ),
}


@dataclass(frozen=True)
class Narrowing:
    """Which of a figure's rows; empty strings narrow nothing. `none` stands for rows where it is not said.

    `about` is a product, for lists that are not of one product anyway. `age` is one of AGES and `wait` one of
    WAITS, by code; these two are for figures that count tickets themselves.
    """

    part: str = "all"
    tier: str = ""
    module: str = ""
    category: str = ""
    about: str = ""
    person: str = ""
    age: str = ""
    wait: str = ""


@dataclass(frozen=True)
class Listing:
    """A page of rows, each with `.behind`, its ticket; how many there are, and how many the reader may see."""

    rows: list[Any]
    total: int
    visible: int
    next_cursor: str

    @property
    def hidden(self) -> int:
        """Counted, but of teams the reader does not work in."""
        return self.total - self.visible


class NoSuchList(Exception):
    """The address names a part, a filter or a place in the list that there is none of."""


def listing(
    figure: str, scope: Scope, narrowing: Narrowing, *, reader: User, at: datetime, cursor: str = ""
) -> Listing:
    """A page of the rows behind `figure` that `reader` may see. Two queries. Raises NoSuchList."""
    spec = FIGURES[figure]
    chosen = chosen_rows(figure, scope, narrowing, at=at)
    mine = _visible(spec, reader)
    counts = chosen.aggregate(total=Count("pk"), visible=Count("pk", filter=mine))
    page = in_order(spec, chosen.filter(mine))
    if cursor:
        moment, pk = _place(cursor)
        page = page.filter(Q(**{f"{spec.moment}__lt": moment}) | Q(**{spec.moment: moment, "pk__lt": pk}))
    found = list(page[: PAGE + 1])
    for row in found:
        row.behind = ticket_of(spec, row)
    following = _cursor(spec, found[PAGE - 1]) if len(found) > PAGE else ""
    return Listing(found[:PAGE], counts["total"], counts["visible"], following)


def chosen_rows(figure: str, scope: Scope, narrowing: Narrowing, *, at: datetime) -> Rows:
    """All rows behind a figure, narrowed. Raises NoSuchList."""
    spec = FIGURES[figure]
    if narrowing.part not in spec.parts:
        raise NoSuchList
    rows = spec.rows(scope, at).filter(spec.parts[narrowing.part](at))
    return rows.filter(_narrowed(spec, narrowing, scope, at))


def in_order(spec: Behind, rows: Rows) -> Rows:
    """Newest first, with everything a line shows."""
    people = [f"{spec.ticket}{name}" for name in SHOWN_WITH]
    long = [f"{spec.ticket}{name}" for name in LONG]
    return rows.select_related(*people).defer(*long).order_by(f"-{spec.moment}", "-pk")


def visible_rows(figure: str, scope: Scope, narrowing: Narrowing, *, reader: User, at: datetime) -> Rows:
    """Every row `reader` may see, in order, for an export. Raises NoSuchList."""
    spec = FIGURES[figure]
    return in_order(spec, chosen_rows(figure, scope, narrowing, at=at).filter(_visible(spec, reader)))


def ticket_of(spec: Behind, row: Any) -> Ticket:
    """The ticket a row leads to."""
    for name in filter(None, spec.ticket.split("__")):
        row = getattr(row, name)
    return row


def moment_of(spec: Behind, row: Any) -> datetime:
    """The instant that put a row into the period."""
    return getattr(row, spec.moment)


def _visible(spec: Behind, reader: User) -> Q:
    return Q(**{f"{spec.ticket}pk__in": Ticket.objects.visible_to(reader).order_by().values("pk")})


def _narrowed(spec: Behind, narrowing: Narrowing, scope: Scope, at: datetime) -> Q:
    condition = Q()
    if narrowing.tier:
        condition &= _one_of(spec.tier_field, narrowing.tier, Tier.values)
    for name, attribute in (("module", "module"), ("category", "category"), ("about", "product")):
        if code := getattr(narrowing, name):
            field = f"{spec.ticket}{attribute}"
            condition &= Q(**{f"{field}__isnull": True} if code == NOBODY else {f"{field}__code": code})
    if narrowing.person:
        condition &= _held_by(spec.person, narrowing.person)
    if (narrowing.age or narrowing.wait) and spec.ticket:
        raise NoSuchList
    if narrowing.age:
        moment = cohorts.backlog_moment(scope, at=at)
        condition &= cohorts.aged(_bin(AGES, narrowing.age), moment=moment)
    if narrowing.wait:
        condition &= cohorts.waited(_bin(WAITS, narrowing.wait))
    return condition


def _one_of(field: str, code: str, known: list[str]) -> Q:
    if code not in known:
        raise NoSuchList
    return Q(**{field: code})


def _held_by(field: str, text: str) -> Q:
    if text == NOBODY:
        return Q(**{f"{field}__isnull": True})
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NoSuchList
    return Q(**{field: int(text)})


def _bin(known: tuple[Bin, ...], code: str) -> Bin:
    for one in known:
        if one.code == code:
            return one
    raise NoSuchList


def _cursor(spec: Behind, row: Any) -> str:
    return f"{(moment_of(spec, row) - EPOCH) // MICROSECOND}.{row.pk}"


def _place(cursor: str) -> tuple[datetime, int]:
    moment, _dot, pk = cursor.partition(".")
    if not all(text.isascii() and text.isdigit() and len(text) <= 17 for text in (moment, pk)):
        raise NoSuchList
    return EPOCH + int(moment) * MICROSECOND, int(pk)
