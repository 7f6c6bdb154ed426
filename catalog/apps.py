"""Application configuration of `catalog`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Names the application."""

    name = "catalog"
    verbose_name = _("Products and modules")
