"""Filing a ticket."""

from django.http import HttpRequest, HttpResponse


def new(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def proposal(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
