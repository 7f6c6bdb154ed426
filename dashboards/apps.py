"""Application configuration of `dashboards`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """Names the application."""

    name = "dashboards"
    verbose_name = _("Figures")
