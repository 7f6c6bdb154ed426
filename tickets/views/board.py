"""The board."""

from django.http import HttpRequest, HttpResponse


def board(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def card(request: HttpRequest, number: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def move(request: HttpRequest, number: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
