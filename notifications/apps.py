"""Application configuration of `notifications`."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Names the application."""

    name = "notifications"
