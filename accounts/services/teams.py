"""How a team's tickets come to its people."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import Team


@transaction.atomic
def set_assignment(*, team: Team, way: str, cap: int | None, taking_part: Collection[int]) -> None:
    """Store the way (`Assignment`), the most open tickets a person, and who of the team takes part (user ids)."""
    locked = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    locked.assignment, locked.open_cap = way, cap
    locked.full_clean(validate_unique=False)
    locked.save(update_fields=["assignment", "open_cap"])
    locked.memberships.filter(user__in=taking_part).update(in_rotation=True)
    locked.memberships.exclude(user__in=taking_part).update(in_rotation=False)
