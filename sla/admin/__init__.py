"""Promises and calendars in the admin site."""

from sla.admin.calendars import CalendarAdmin
from sla.admin.policies import PolicyAdmin, RecalculationAdmin

__all__ = ["CalendarAdmin", "PolicyAdmin", "RecalculationAdmin"]
