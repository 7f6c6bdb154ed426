"""Application configuration of `catalog`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Names the application and has its data watched over."""

    name = "catalog"
    verbose_name = _("Products and modules")

    def ready(self) -> None:
        """Register the warning; models are loaded by now."""
        from catalog.watch import missing_days  # noqa: PLC0415 (models may not be imported before this point)
        from common.health import warn_of  # noqa: PLC0415

        warn_of(missing_days)
