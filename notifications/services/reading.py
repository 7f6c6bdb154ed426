"""Marking notices as read."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.live import announce
from notifications.models import Notification


@transaction.atomic
def mark_read(*, user: User, at: datetime, ids: Collection[int] | None = None) -> int:
    """Mark the user's unread notices of those ids as read, or all of them; how many.

    Ids of other people's notices are passed over. The bells on the user's other pages follow.
    """
    waiting = Notification.objects.filter(user=user, read_at=None)
    if ids is not None:
        waiting = waiting.filter(pk__in=ids)
    marked = waiting.update(read_at=at)
    if marked:
        announce([f"user:{user.pk}"], {"event": "notice"})
    return marked
