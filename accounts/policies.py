"""Who may see to teams and their people."""

from accounts.models import Role, Team, User


def manages_team(user: User, team: Team) -> bool:
    """Whether they say how the team works: administrators, and managers who lead it. One query at most."""
    if user.role == Role.ADMIN:
        return True
    return user.role == Role.MANAGER and user.memberships.filter(team=team, leads=True).exists()


def manages_person(user: User, person: User) -> bool:
    """Whether they say when somebody works and what they know: administrators, and managers who lead a team of
    theirs. One query at most.
    """
    if not person.is_agent or not person.is_active or person.is_bot:
        return False
    if user.role == Role.ADMIN:
        return True
    led = user.memberships.filter(leads=True).values("team")
    return user.role == Role.MANAGER and person.memberships.filter(team__in=led).exists()
