"""Application configuration of `dashboards`."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Names the application."""

    name = "dashboards"
