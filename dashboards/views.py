"""The managers' figures."""

from django.http import HttpRequest, HttpResponse


def figures(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def figure_tickets(request: HttpRequest, figure: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
