"""Application configuration of `common`."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Names the application."""

    name = "common"
