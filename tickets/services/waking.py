"""Having a worker look at once at what waits in a team that assigns by itself; if it is lost, the sweep looks."""

from accounts.models import Assignment, Team
from common.nudging import nudge_after_commit

# The job by the name a worker knows it by.
ASSIGN = "tickets.tasks.assign_waiting"


def wake(team: Team | None) -> None:
    """After commit, let a worker give out the tickets of `team`, if the desk does that for it. No query."""
    if team is not None and team.assignment != Assignment.BY_HAND:
        nudge_after_commit(ASSIGN)
