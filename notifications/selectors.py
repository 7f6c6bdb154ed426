"""Reading notices."""

from accounts.models import User
from notifications.models import Notification

PAGE = 50
COUNT_UP_TO = 99


def unread_count(user: User) -> int:
    """How many notices wait to be read; counted up to 99, which is as many as the bell shows."""
    return Notification.objects.filter(user=user, read_at=None)[:COUNT_UP_TO].count()


def page_of(user: User, *, before: int | None = None) -> tuple[list[Notification], int | None]:
    """Fifty of the user's notices, newest first, older than the id `before`; and where the next page begins."""
    notices = Notification.objects.filter(user=user).select_related("ticket").order_by("-id")
    if before is not None:
        notices = notices.filter(pk__lt=before)
    found = list(notices[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None
