"""Application configuration of `imports`."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Names the application."""

    name = "imports"
