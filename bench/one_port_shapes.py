"""The ways to serve pages that bench/one_port.py compares, on the desk with one page of its own added."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.one_port_settings"

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.asgi import get_asgi_application

from config.asgi import OnePort, application, pages

THREADS = settings.WEB_THREADS


class OnePortByA2wsgi(OnePort):
    """The same, with a2wsgi between server and pages instead of the desk's own bridge."""

    def __init__(self) -> None:
        super().__init__()
        bridge, library = self.pages, WSGIMiddleware(pages, workers=THREADS)
        library.stop = bridge.stop
        self.pages = library


django_asgi = get_asgi_application()
wsgi = pages
a2wsgi = OnePortByA2wsgi()
desk = application
