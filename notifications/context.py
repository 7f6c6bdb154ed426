"""What every page's bell needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.selectors import unread


def notices(request: HttpRequest) -> dict[str, Any]:
    """What waits under the bell. Read only where a template shows it, and once a request."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notices": SimpleLazyObject(lambda: unread(user))}
