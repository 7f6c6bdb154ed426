"""A customer's tickets, and those of the organisation."""

from django.http import HttpRequest, HttpResponse


def portal(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
