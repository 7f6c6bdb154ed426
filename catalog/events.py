"""What happens to what the desk works with. Published inside the changing transaction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StatutoryDaysChanged:
    """China's days off and make-up workdays are others than before."""

    at: datetime
