"""Application configuration of `knowledgebase`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgebaseConfig(AppConfig):
    """Names the application."""

    name = "knowledgebase"
    verbose_name = _("Handbook")
