"""What somebody can do, as a condition on tickets: `catalog.skills.can_do` said in SQL, so that an index can be walked.

Tests hold the two together.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from accounts.models import TeamMembership, User
from catalog.selectors import Requirements, abilities_of, requirements
from catalog.skills import Abilities, Known

NOTHING = Q(pk__in=[])


def doable_by(user: User, team_ids: list[int], *, on: date) -> Q:
    """The tickets of these teams that `user` can do on that day. Five queries."""
    people = TeamMembership.objects.filter(team__in=team_ids).exclude(user__is_active=False)
    teams: dict[int, list[int]] = {team: [] for team in team_ids}
    for team, person in people.values_list("team", "user"):
        teams[team].append(person)
    abilities = abilities_of(sorted({user.pk}.union(*teams.values())))
    own = abilities[user.pk]
    able = NOTHING
    for team, members in teams.items():
        declared = {known for person in members for known in abilities[person].known}
        able |= Q(team=team) & _known_to(own, declared)
    return able & _certified(own, requirements(), on)


def _known_to(own: Abilities, declared: Iterable[Known]) -> Q:
    """What the person knows, and what nobody of the team has said to know."""
    foreign = [known for known in declared if known not in own.known]
    if not foreign:
        return Q()
    return _any_of(own.known) | ~_any_of(foreign)


def _any_of(known: Iterable[Known]) -> Q:
    found = NOTHING
    for one in known:
        given = {name: value for name, value in vars(one).items() if value is not None}
        found |= Q(**given)
    return found


def _certified(own: Abilities, needed: Requirements, on: date) -> Q:
    """Not what asks for a certificate that is not theirs or has run out."""
    lacking = {
        name: [thing for thing, certificate in asked.items() if not own.holds(certificate, on)]
        for name, asked in (("module", needed.modules), ("category", needed.categories))
    }
    able = Q()
    for name, ids in lacking.items():
        if ids:
            able &= Q(**{name: None}) | ~Q(**{f"{name}__in": ids})
    return able
