"""Jobs around what the desk works with."""

from celery import shared_task

from catalog.watch import log_missing_days


@shared_task(name="catalog.tasks.look_ahead")
def look_ahead() -> None:
    """Look whether the statutory days that will be needed are there."""
    log_missing_days()
