"""Promises and calendars in the admin site."""

from sla.admin.calendars import CalendarAdmin
from sla.admin.targets import TargetAdmin

__all__ = ["CalendarAdmin", "TargetAdmin"]
