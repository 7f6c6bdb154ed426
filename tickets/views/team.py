"""The team's page: who is there, what each holds and knows; and what those who lead it change there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.access import agent
from accounts.availability import State
from accounts.models import Leave, Role, Team, User
from catalog.models import HeldCertificate, Skill
from catalog.selectors import statutory_around
from common import clock
from sla.walltime import spans_text
from tickets import choices
from tickets.crew import Member, crew_of, rhythm_of
from tickets.standing_words import presence_in_words
from tickets.vocabulary import Tier

# Leaves that begin within this time are told beside the name.
AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """Somebody of a team, as the page shows them. `link`: to their open tickets."""

    member: Member
    said: str
    today: str
    tiers: Sequence[tuple[str, str, int]]
    count: int
    skills: Sequence[str]
    certificates: Sequence[tuple[str, bool]]
    leaves: Sequence[Leave]
    link: str
    may_open: bool

    @property
    def is_away(self) -> bool:
        """On leave just now."""
        return self.member.presence.state == State.ON_LEAVE


@dataclass(frozen=True)
class Section:
    """A team with its people: those who are there first."""

    team: Team
    manages: bool
    rows: Sequence[Row]

    @property
    def there(self) -> int:
        """How many are there now."""
        return sum(row.member.presence.state.is_available for row in self.rows)

    @property
    def left_behind(self) -> list[Row]:
        """Who is away and holds open tickets, which somebody should take over."""
        return [row for row in self.rows if row.is_away and row.count]


@require_safe
@login_required
def team(request: HttpRequest) -> HttpResponse:
    """The teams of the reader, with everybody in them. For members of staff."""
    user, at = agent(request), clock.now()
    context = {"sections": sections_of(user, at), "nav": "team", "at": at}
    return render(request, "tickets/team.html", context)


def sections_of(user: User, at: datetime) -> list[Section]:
    """The teams of `user` as they stand. A fixed number of queries."""
    teams = choices.teams_of(user)
    led = set(user.memberships.filter(leads=True).values_list("team", flat=True))
    crew = crew_of([team.pk for team in teams], at=at)
    details = _Details(crew, at)
    sections = []
    for one in teams:
        manages = user.role == Role.ADMIN or (user.role == Role.MANAGER and one.pk in led)
        rows = [details.row(member, manages, user) for member in crew if member.team_id == one.pk]
        rows.sort(key=lambda row: (not row.member.presence.state.is_available, row.is_away))
        sections.append(Section(one, manages, rows))
    return sections


class _Details:
    """What the page says about people beside how they stand: skills, certificates, leaves, today's hours."""

    def __init__(self, crew: Sequence[Member], at: datetime) -> None:
        people = {member.user.pk for member in crew}
        self._at, self._statutory = at, statutory_around(at)
        self._skills: dict[int, list[str]] = {}
        self._certificates: dict[int, list[tuple[str, bool]]] = {}
        self._leaves: dict[int, list[Leave]] = {}
        for skill in Skill.objects.filter(user__in=people).select_related("product", "module"):
            self._skills.setdefault(skill.user_id, []).append(skill_in_words(skill))
        today = timezone.localtime(at).date()
        for held in HeldCertificate.objects.filter(user__in=people).select_related("certificate"):
            shown = (held.certificate.name, held.is_valid_on(today))
            self._certificates.setdefault(held.user_id, []).append(shown)
        for leave in Leave.objects.filter(user__in=people, ends_at__gt=at, starts_at__lt=at + AHEAD):
            self._leaves.setdefault(leave.user_id, []).append(leave)

    def row(self, member: Member, manages: bool, reader: User) -> Row:
        """Somebody, as `reader` sees them; `manages`: who leads the team."""
        user, rhythm = member.user, rhythm_of(member.user)
        today = rhythm.hours(self._at.astimezone(rhythm.zone).date(), self._statutory)
        labels: dict[Any, Any] = dict(Tier.choices)
        return Row(
            member=member,
            said=presence_in_words(member.presence),
            today=spans_text(today),
            tiers=[(tier, labels[tier], count) for tier, count in member.open.items() if count],
            count=sum(member.open.values()),
            skills=self._skills.get(user.pk, []),
            certificates=self._certificates.get(user.pk, []),
            leaves=self._leaves.get(user.pk, []),
            link=f"{reverse('tickets')}?{urlencode({'status': 'open', 'assignee': str(user.pk)})}",
            may_open=manages or user == reader,
        )


def skill_in_words(skill: Skill) -> str:
    """The module, the product, or both."""
    return " · ".join(str(thing) for thing in (skill.product, skill.module) if thing)
