"""Notices, and the mail kept on a machine that sends none."""

from django.http import HttpRequest, HttpResponse


def notifications(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def badge(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def read(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def kept_mail(request: HttpRequest) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError


def kept_message(request: HttpRequest, name: str) -> HttpResponse:
    """Not built yet."""
    raise NotImplementedError
