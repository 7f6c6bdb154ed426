"""The people of teams as they stand at an instant: who is there, what each holds and knows. Ever as many queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from accounts.availability import Rhythm, Span, State, away_until, current, next_start, state_at, week_from
from accounts.models import Duty, Leave, Role, Team, TeamMembership, User, WorkingHours
from catalog.selectors import abilities_of, statutory_around
from catalog.skills import Abilities
from tickets.models import Ticket
from tickets.whose_turn import WEIGHTS, Candidate, Rota


@dataclass(frozen=True)
class Presence:
    """Whether somebody is there for a team, and the moment to name with it: when a leave or duty ends, or their next
    hour begins; None while they are at work, or when nothing is known.
    """

    state: State
    until: datetime | None = None


@dataclass(frozen=True)
class Member:
    """Somebody of a team, as they stand."""

    user: User
    team_id: int
    leads: bool
    in_rotation: bool
    turn: int
    presence: Presence
    open: Mapping[str, int]
    abilities: Abilities

    @property
    def candidate(self) -> Candidate:
        """As the choice of an assignee sees them."""
        there = self.presence.state.is_available
        return Candidate(self.user.pk, there, self.turn, self.open, self.abilities)


def crew_of(team_ids: Iterable[int], *, at: datetime) -> list[Member]:
    """Everybody who works in these teams, once a team, by name: no programs, nobody who has left. Seven queries."""
    rows = TeamMembership.objects.filter(team__in=list(team_ids), user__is_active=True, user__is_bot=False)
    staff = rows.exclude(user__role=Role.CUSTOMER).select_related("user__working_hours")
    memberships = list(staff.order_by("team_id", "user__name", "user_id"))
    ids = sorted({row.user_id for row in memberships})
    presences = _Presences(ids, at)
    loads, abilities = open_by_tier(ids), abilities_of(ids)
    return [
        Member(
            user=row.user,
            team_id=row.team_id,
            leads=row.leads,
            in_rotation=row.in_rotation,
            turn=row.turn,
            presence=presences.of(row.user, row.team_id),
            open=loads[row.user_id],
            abilities=abilities[row.user_id],
        )
        for row in memberships
    ]


@dataclass(frozen=True)
class Standing:
    """Whether somebody is there, for whichever team, and how many open tickets they hold."""

    presence: Presence
    count: int


def standings_of(people: Iterable[User], *, at: datetime) -> dict[int, Standing]:
    """How each of these people stands, by id; load `working_hours` with them. Four queries."""
    found = {person.pk: person for person in people}
    presences, loads = _Presences(list(found), at), open_by_tier(list(found))
    return {pk: Standing(presences.of(person), sum(loads[pk].values())) for pk, person in found.items()}


def rota_of(team: Team, *, at: datetime) -> Rota:
    """How the team gives out tickets at `at`. Seven queries."""
    crew = crew_of([team.pk], at=at)
    candidates = [member.candidate for member in crew if member.in_rotation]
    declared = frozenset(known for member in crew for known in member.abilities.known)
    return Rota(team.assignment, team.open_cap, candidates, declared)


def open_by_tier(user_ids: list[int]) -> dict[int, dict[str, int]]:
    """How many open tickets of each tier these people hold. One query."""
    found = {pk: dict.fromkeys(WEIGHTS, 0) for pk in user_ids}
    held = Ticket.objects.open().filter(assignee__in=user_ids).order_by()
    for user, tier, count in held.values_list("assignee", "tier").annotate(Count("pk")):
        found[user][tier] = count
    return found


def rhythm_of(user: User) -> Rhythm:
    """Somebody's hours, or the usual ones in their zone. Load `working_hours` with them."""
    zone = ZoneInfo(user.time_zone)
    try:
        hours = user.working_hours
    except WorkingHours.DoesNotExist:
        return Rhythm(zone)
    return Rhythm(zone, week_from(hours.week), hours.keeps_statutory_days)


class _Presences:
    """The presence of some people at an instant. Three queries."""

    def __init__(self, user_ids: list[int], at: datetime) -> None:
        self._at = at
        self._statutory = statutory_around(at, ahead=14)
        self._leaves: dict[int, list[Span]] = {}
        self._duties: dict[int, list[tuple[int, Span]]] = {}
        for user, *span in _spans(Leave.objects.filter(user__in=user_ids, ends_at__gt=at), "user"):
            self._leaves.setdefault(user, []).append((span[0], span[1]))
        duties = Duty.objects.filter(user__in=user_ids, starts_at__lte=at, ends_at__gt=at)
        for user, team, *span in _spans(duties, "user", "team"):
            self._duties.setdefault(user, []).append((team, (span[0], span[1])))

    def of(self, user: User, team_id: int | None = None) -> Presence:
        """Their presence for a team, or for whichever of theirs."""
        at, rhythm = self._at, rhythm_of(user)
        leaves, named = self._leaves.get(user.pk, []), self._duties.get(user.pk, [])
        duties = [span for team, span in named if team_id in {None, team}]
        state = state_at(at, rhythm, statutory=self._statutory, leaves=leaves, duties=duties)
        if state == State.ON_LEAVE:
            return Presence(state, away_until(leaves, at))
        if state == State.ON_DUTY:
            found = current(duties, at)
            return Presence(state, found[1] if found else None)
        if state == State.AT_WORK:
            return Presence(state)
        return Presence(state, next_start(at, rhythm, statutory=self._statutory, leaves=leaves))


def _spans(rows: QuerySet[Any], *of: str) -> Iterable[tuple[Any, ...]]:
    return rows.values_list(*of, "starts_at", "ends_at")
