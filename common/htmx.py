"""What views need of htmx."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request as views get it: the middleware has put `htmx` on it."""

    htmx: HtmxDetails
