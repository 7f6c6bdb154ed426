"""Which rows a figure counts. The figure and the list of tickets behind it ask the same query set here.

Cancelled and merged tickets are out of all of them. The team of a resolution or a questionnaire is the one
frozen at the resolution, else the ticket's present one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from accounts.models import Team
from catalog.models import Product
from dashboards.formulae import HELD_AGAINST_FOR, Bin
from sla.models import Clock
from sla.vocabulary import ClockState
from surveys.models import Answer, Invitation, Solved
from surveys.scoring import DETRACTOR_TO, PROMOTER_FROM, SATISFIED_FROM
from tickets.models import Resolution, Ticket
from tickets.vocabulary import OPEN, UNCOUNTED, Status


@dataclass(frozen=True)
class Scope:
    """What is asked about: from the instant `start` up to `end`, of a team and a product or of all."""

    start: datetime
    end: datetime
    team: Team | None = None
    product: Product | None = None

    def within(self, field: str) -> Q:
        """`field` lies in the period; half-open."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lt": self.end})

    def of(self, *, team: str, ticket: str = "") -> Q:
        """The team's and the product's; `ticket` is the way to the ticket, `team` the one to the team."""
        condition = Q()
        if self.team is not None:
            condition &= Q(**{team: self.team})
        if self.product is not None:
            condition &= Q(**{f"{ticket}product": self.product})
        return condition


def counted(rows: QuerySet[Any], link: str) -> Q:
    """Rows not linked to any of `rows`, which are those of cancelled and merged tickets.

    These are few and have an index: asking for them spares a join with every ticket there is.
    """
    return ~Q(Exists(rows.order_by().filter(pk=OuterRef(link))))


OUT = sorted(UNCOUNTED)
COUNTED = ~Q(status__in=OUT)
OF_COUNTED_TICKET = counted(Ticket.objects.filter(status__in=OUT), "ticket")
OF_COUNTED_RESOLUTION = counted(Resolution.objects.filter(ticket__status__in=OUT), "resolution")
OF_COUNTED_INVITATION = counted(Invitation.objects.filter(resolution__ticket__status__in=OUT), "invitation")


def opened(scope: Scope) -> QuerySet[Ticket]:
    """Tickets filed in the period."""
    return Ticket.objects.filter(scope.within("created_at"), COUNTED, scope.of(team="team"))


def responded(scope: Scope) -> QuerySet[Ticket]:
    """Tickets first answered in the period."""
    return Ticket.objects.filter(scope.within("first_responded_at"), COUNTED, scope.of(team="team"))


def resolutions(scope: Scope) -> QuerySet[Resolution]:
    """Resolutions of the period, of every cycle."""
    return Resolution.objects.filter(
        scope.within("resolved_at"), OF_COUNTED_TICKET, scope.of(team="team", ticket="ticket__")
    )


def last_in(scope: Scope) -> Q:
    """A resolution is the period's last one of its ticket."""
    later = Resolution.objects.filter(
        ticket=OuterRef("ticket"), resolved_at__lt=scope.end, cycle__gt=OuterRef("cycle")
    )
    return ~Q(Exists(later))


def last_resolutions(scope: Scope) -> QuerySet[Resolution]:
    """Tickets resolved in the period, each once."""
    return resolutions(scope).filter(last_in(scope))


FIRST = Q(cycle=1, first_contact__isnull=False)


def settled(at: datetime) -> Q:
    """First resolutions whose 7 days are over at `at`: they can be judged."""
    return FIRST & Q(resolved_at__lte=at - HELD_AGAINST_FOR)


def provisional(at: datetime) -> Q:
    """First resolutions whose 7 days are not over."""
    return FIRST & Q(resolved_at__gt=at - HELD_AGAINST_FOR)


def sufficed(at: datetime) -> Q:
    """Settled ones with nothing held against them; twin of `formulae.judge_first_contact`."""
    until = F("resolved_at") + HELD_AGAINST_FOR
    follow_up = Ticket.objects.filter(
        follow_up_of=OuterRef("ticket"), created_at__lt=OuterRef("resolved_at") + HELD_AGAINST_FOR
    )
    no = Answer.objects.order_by().filter(invitation__resolution=OuterRef("pk"), solved=Solved.NO)
    return (
        settled(at)
        & Q(first_contact=True)
        & (Q(reopened_at__isnull=True) | Q(reopened_at__gte=until))
        & ~Q(Exists(no))
        & ~Q(Exists(follow_up))
    )


def clocks(scope: Scope) -> QuerySet[Clock]:
    """Clocks whose end or due moment, whichever came first, lies in the period: `ended_on`."""
    return Clock.objects.annotate(ended_on=Least("stopped_at", "due_at")).filter(
        scope.within("ended_on"), OF_COUNTED_TICKET, scope.of(team="ticket__team", ticket="ticket__")
    )


MET = Q(state=ClockState.STOPPED, breached_at__isnull=True)


def breached(at: datetime) -> Q:
    """Broken promises, those running past their due moment included; twin of `formulae.judge_clock`."""
    running_late = Q(state=ClockState.RUNNING, due_at__lt=at)
    return ~Q(state=ClockState.CANCELLED) & (Q(breached_at__isnull=False) | running_late)


TO_TICKET = "invitation__resolution__ticket__"


def answers(scope: Scope) -> QuerySet[Answer]:
    """Answers given in the period."""
    return Answer.objects.filter(
        scope.within("answered_at"),
        OF_COUNTED_INVITATION,
        scope.of(team="invitation__team", ticket=TO_TICKET),
    )


PROMOTERS = Q(recommend__gte=PROMOTER_FROM)
DETRACTORS = Q(recommend__lte=DETRACTOR_TO)
PASSIVES = Q(recommend__gt=DETRACTOR_TO, recommend__lt=PROMOTER_FROM)
SATISFIED = Q(satisfaction__gte=SATISFIED_FROM)


def invitations(scope: Scope) -> QuerySet[Invitation]:
    """Questionnaires sent in the period."""
    return Invitation.objects.filter(
        scope.within("sent_at"),
        OF_COUNTED_RESOLUTION,
        scope.of(team="team", ticket="resolution__ticket__"),
    )


def backlog(scope: Scope, *, at: datetime) -> QuerySet[Ticket]:
    """Tickets that were open when the period ended, or are at `at` if it has not; see `backlog_moment`.

    Told from the filing, the resolutions and the reopenings, so that a past month keeps its figure. Only what
    is open now, was resolved later or closed later can have been open then: that is what the union finds
    without reading every ticket.
    """
    moment = backlog_moment(scope, at=at)
    candidates = (
        Ticket.objects.order_by()
        .filter(status__in=sorted(OPEN))
        .values("pk")
        .union(
            Resolution.objects.order_by().filter(resolved_at__gte=moment).values("ticket"),
            Ticket.objects.order_by()
            .filter(status=Status.CLOSED, resolved_at=None, closed_at__gte=moment)
            .values("pk"),
        )
    )
    done = Resolution.objects.filter(ticket=OuterRef("pk"), resolved_at__lt=moment).filter(
        Q(reopened_at__isnull=True) | Q(reopened_at__gte=moment)
    )
    return Ticket.objects.filter(
        ~Exists(done), COUNTED, scope.of(team="team"), pk__in=candidates, created_at__lt=moment
    )


def waited(wait: Bin) -> Q:
    """Tickets whose first answer took that long."""
    condition = Q()
    if wait.above is not None:
        condition &= Q(first_responded_at__gt=F("created_at") + wait.above)
    if wait.upto is not None:
        condition &= Q(first_responded_at__lte=F("created_at") + wait.upto)
    return condition


def aged(age: Bin, *, moment: datetime) -> Q:
    """Tickets that are that old at `moment`."""
    condition = Q()
    if age.above is not None:
        condition &= Q(created_at__lt=moment - age.above)
    if age.upto is not None:
        condition &= Q(created_at__gte=moment - age.upto)
    return condition


def backlog_moment(scope: Scope, *, at: datetime) -> datetime:
    """The instant at which the backlog is counted: the period's end, or `at` if that comes first."""
    return min(scope.end, at)
