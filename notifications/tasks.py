"""Jobs about messages that leave the house."""

from celery import shared_task

from common import clock
from notifications.services import delivering


@shared_task(name="notifications.tasks.deliver_pending")
def deliver_pending() -> None:
    """Send what is due."""
    delivering.deliver_pending(now=clock.now)
