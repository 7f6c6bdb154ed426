"""The list of tickets."""

from django.http import HttpRequest, HttpResponse


def tickets(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
