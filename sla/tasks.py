"""Jobs of the SLA engine."""

from celery import shared_task

from common import clock
from sla.services.enforcing import sweep as enforce


@shared_task(name="sla.tasks.sweep")
def sweep() -> None:
    """Look for what has fallen due."""
    enforce(at=clock.now())
