"""The tables behind promises."""

from sla.models.clock import Clock, Milestone, Target, validate_positive

__all__ = ["Clock", "Milestone", "Target", "validate_positive"]
