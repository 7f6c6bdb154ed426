"""The tables behind promises."""

from sla.models.calendar import Calendar, CalendarDay, CalendarInterval, CalendarVersion
from sla.models.clock import Clock, Milestone, Target, validate_positive

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarInterval",
    "CalendarVersion",
    "Clock",
    "Milestone",
    "Target",
    "validate_positive",
]
