"""The tables behind promises."""

from sla.models.calendar import Calendar, CalendarDay, CalendarInterval, CalendarVersion
from sla.models.clock import Clock, Milestone, Wait
from sla.models.policy import Policy, PolicyVersion, Recalculation, Step, Target, validate_positive

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarInterval",
    "CalendarVersion",
    "Clock",
    "Milestone",
    "Policy",
    "PolicyVersion",
    "Recalculation",
    "Step",
    "Target",
    "Wait",
    "validate_positive",
]
