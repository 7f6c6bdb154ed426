"""The page of one ticket, for whoever may see it."""

from django.http import HttpRequest, HttpResponse


def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def act(request: HttpRequest, number: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def history(request: HttpRequest, number: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
