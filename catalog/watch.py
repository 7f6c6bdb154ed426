"""What those who watch over the desk are told about its data."""

import structlog

from catalog.selectors import missing_statutory_years
from common import clock

log = structlog.get_logger(__name__)


def missing_days() -> list[str]:
    """A line for each year whose statutory days are missing, as `/readyz` lists them."""
    return [f"statutory days of {year} are missing" for year in missing_statutory_years(at=clock.now())]


def log_missing_days() -> None:
    """The same in the log."""
    years = missing_statutory_years(at=clock.now())
    if years:
        log.warning("statutory_days_missing", years=years)
