"""What a questionnaire refuses."""

from common.errors import DeskError


class SurveyClosed(DeskError):
    """It cannot be answered, or the answer cannot be changed, any more (409)."""
