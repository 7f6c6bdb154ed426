"""Jobs about questionnaires."""

from celery import shared_task

from common import clock
from surveys.services import reminding, sending


@shared_task(name="surveys.tasks.send_due")
def send_due() -> None:
    """Send what is due; remind of what was not answered; close what nobody answered in time."""
    at = clock.now()
    sending.send_due(at=at)
    reminding.remind_due(at=at)
    sending.expire(at=at)
