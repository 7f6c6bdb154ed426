"""Jobs about questionnaires."""

from celery import shared_task

from common import clock
from surveys.services import sending


@shared_task(name="surveys.tasks.send_due")
def send_due() -> None:
    """Send what is due; close what nobody answered in time."""
    at = clock.now()
    sending.send_due(at=at)
    sending.expire(at=at)
