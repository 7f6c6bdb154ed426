"""Jobs about messages that leave the house."""

from celery import shared_task

from common import clock
from notifications.services import delivering, digesting
from notifications.vocabulary import TO_SYSTEMS, Outlet


@shared_task(name="notifications.tasks.deliver_pending")
def deliver_pending() -> None:
    """Send the letters that are due."""
    delivering.deliver_pending(now=clock.now, outlets=[Outlet.EMAIL])


@shared_task(name="notifications.tasks.tell_systems")
def tell_systems() -> None:
    """Tell other systems what is due: by itself, so that no letter waits for a strange server."""
    delivering.deliver_pending(now=clock.now, outlets=TO_SYSTEMS)


@shared_task(name="notifications.tasks.send_digests")
def send_digests() -> None:
    """Write the morning letters that are due."""
    digesting.send_digests(now=clock.now)
