"""What follows for programs when the sign-in library tells of something."""

from typing import Any

from knox.models import AuthToken

from accounts.models import User


def on_password_changed(*, user: User, **_rest: Any) -> None:
    """A new password ends every token, as it ends every other session."""
    AuthToken.objects.filter(user=user).delete()
