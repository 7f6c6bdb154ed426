"""Who calls: a session whose failures are answered 401."""

from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication


class SessionAuthentication(DrfSessionAuthentication):
    """The browser's session."""
