"""The start page, and what a person sets for themselves."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def me(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def set_language(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def set_theme(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
