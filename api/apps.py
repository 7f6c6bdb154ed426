"""Application configuration of `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the application."""

    name = "api"
