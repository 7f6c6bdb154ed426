"""Whether China's days are there in time. Pure."""

from collections.abc import Collection
from datetime import date

# The State Council announces a year's days in November of the year before.
ASKED_FROM_MONTH = 12


def missing_years(years: Collection[int], today: date) -> list[int]:
    """The years that need statutory days and are not among `years`: this one, and the next from 1 December on."""
    needed = [today.year, today.year + 1] if today.month >= ASKED_FROM_MONTH else [today.year]
    return [year for year in needed if year not in years]
