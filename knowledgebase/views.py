"""The handbook."""

from django.http import HttpRequest, HttpResponse


def handbook(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def article(request: HttpRequest, key: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def suggestions(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def solved(request: HttpRequest, key: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
