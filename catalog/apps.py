"""Application configuration of `catalog`."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Names the application."""

    name = "catalog"
