"""Uploads and attachments."""

from django.http import HttpRequest, HttpResponse


def upload(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def attachment(request: HttpRequest, key: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
