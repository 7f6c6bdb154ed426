"""The one place that asks what time it is.

It is the database's clock that orders things: a web node or worker whose own clock is off by minutes writes the
same instants as the others. It is read seldom and counted on from there by the machine's monotonic clock, which
nobody sets.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

# Seconds after which the database is asked again; a monotonic clock drifts far less than a millisecond meanwhile.
TRUSTED_FOR = 30.0


@dataclass(frozen=True)
class _Anchor:
    """The database's time at an instant of this machine's monotonic clock."""

    at: datetime
    monotonic: float

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.monotonic)

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.monotonic < TRUSTED_FOR


_anchor: _Anchor | None = None


def now() -> datetime:
    """The present instant, aware, in UTC. Raises django.db.DatabaseError while the database cannot be asked."""
    global _anchor  # noqa: PLW0603 (one clock a process)
    if not settings.DATABASE_CLOCK:
        return timezone.now()
    anchor = _anchor
    # A transaction that has failed cannot be asked anything any more: the old answer does.
    if anchor is None or not (anchor.is_fresh or connection.needs_rollback):
        anchor = _anchor = _ask()
    return anchor.now()


def _ask() -> _Anchor:
    before = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    # Half of the way there and back lies before the answer was made.
    return _Anchor(at, (before + time.monotonic()) / 2)
