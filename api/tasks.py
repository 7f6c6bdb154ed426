"""Jobs of the API."""

from celery import shared_task

from api import idempotency, tokens
from common import clock


@shared_task(name="api.tasks.drop_old_answers")
def drop_old_answers() -> None:
    """Forget the answers kept for retries, and the tokens that have expired."""
    idempotency.drop_old(at=clock.now())
    tokens.drop_expired(at=clock.now())
