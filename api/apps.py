"""Application configuration of `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the application, makes its words for the schema known and listens to the sign-in library."""

    name = "api"

    def ready(self) -> None:
        """drf-spectacular finds the descriptions of our sign-in by their classes having been defined."""
        from allauth.account import signals  # noqa: PLC0415 (models may not be imported before this point)

        from api import schema  # noqa: F401, PLC0415
        from api.subscribers import on_password_changed  # noqa: PLC0415

        for signal in (signals.password_set, signals.password_changed, signals.password_reset):
            signal.connect(on_password_changed, dispatch_uid="end-tokens")
