"""The tables of people: who they are, what they belong to, when they are there."""

from accounts.models.people import (
    Assignment,
    ContractLevel,
    Density,
    Duty,
    Language,
    Organisation,
    Role,
    Team,
    TeamMembership,
    User,
    UserManager,
    validate_time_zone,
)
from accounts.models.presence import Leave, LeaveKind, WorkingHours

__all__ = [
    "Assignment",
    "ContractLevel",
    "Density",
    "Duty",
    "Language",
    "Leave",
    "LeaveKind",
    "Organisation",
    "Role",
    "Team",
    "TeamMembership",
    "User",
    "UserManager",
    "WorkingHours",
    "validate_time_zone",
]
