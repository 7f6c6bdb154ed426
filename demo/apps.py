"""Application configuration of `demo`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Names the application."""

    name = "demo"
