"""Jobs about tickets."""

from celery import shared_task

from common import clock
from tickets.services import assigning, closing, drafting, dropping, holding
from tickets.services.waking import ASSIGN


@shared_task(name="tickets.tasks.close_silent")
def close_silent() -> None:
    """Close what the customer has not answered."""
    closing.close_silent(at=clock.now())


@shared_task(name="tickets.tasks.drop_unclaimed_uploads")
def drop_unclaimed_uploads() -> None:
    """Delete files that were uploaded and never sent."""
    dropping.drop_unclaimed(at=clock.now())


@shared_task(name=ASSIGN)
def assign_waiting() -> None:
    """Give what waits in teams that assign by themselves to whoever is there."""
    assigning.assign_waiting(now=clock.now)


@shared_task(name="tickets.tasks.let_replies_leave")
def let_replies_leave() -> None:
    """Let the replies leave whose moment has come."""
    holding.let_go_due(at=clock.now())


@shared_task(name="tickets.tasks.drop_old_drafts")
def drop_old_drafts() -> None:
    """Delete the drafts nobody came back to."""
    drafting.drop_old(at=clock.now())
