"""Application configuration of `knowledgebase`."""

from django.apps import AppConfig


class KnowledgebaseConfig(AppConfig):
    """Names the application."""

    name = "knowledgebase"
