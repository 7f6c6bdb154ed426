"""Dropping uploads that nothing was made of."""

from datetime import datetime, timedelta

from django.db import transaction

from tickets.models import Attachment

KEEP_UNCLAIMED = timedelta(days=1)
BATCH = 500


def drop_unclaimed(*, at: datetime) -> int:
    """Delete the uploads of more than a day ago that no ticket has claimed; how many."""
    old = Attachment.objects.filter(ticket=None, held=None, created_at__lt=at - KEEP_UNCLAIMED)
    return sum(_drop(pk) for pk in old.order_by("created_at").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _drop(attachment_id: int) -> int:
    unclaimed = Attachment.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        ticket=None, held=None
    )
    attachment = unclaimed.filter(pk=attachment_id).first()
    if attachment is None:
        return 0
    storage, name = attachment.file.storage, str(attachment.file.name)
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return 1
