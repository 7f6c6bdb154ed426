"""Who is asking, for views."""

from django.http import Http404, HttpRequest

from accounts.models import User


def agent(request: HttpRequest) -> User:
    """The engineer, manager or administrator who asks. Raises Http404 for anybody else: no such page for them."""
    user = request.user
    if not isinstance(user, User) or not user.is_agent:
        raise Http404
    return user
