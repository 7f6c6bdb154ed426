"""Application configuration of `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the application and makes its words for the schema known."""

    name = "api"

    def ready(self) -> None:
        """drf-spectacular finds the descriptions of our sign-in by their classes having been defined."""
        from api import schema  # noqa: F401, PLC0415 (serializers may not be imported before this point)
