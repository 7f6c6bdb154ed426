"""Jobs of the SLA engine."""

from celery import shared_task

from common import clock
from sla.services.enforcing import sweep as enforce
from sla.services.recalculating import work_off


@shared_task(name="sla.tasks.sweep")
def sweep() -> None:
    """Look for what has fallen due."""
    enforce(at=clock.now())


@shared_task(name="sla.tasks.recalculate")
def recalculate() -> None:
    """Let open clocks follow what has been edited."""
    work_off(at=clock.now())
