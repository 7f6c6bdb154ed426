"""The desk on one port: `/live/` is streamed natively, every other path goes to Django's WSGI handler.

Why so, with figures: docs/decisions/0001-one-port.md.
"""

import asyncio
import signal

from django.conf import settings

from common.live_endpoint import LiveEndpoint, Message, Receive, Send
from common.wsgi_bridge import WsgiBridge
from config.wsgi import application as pages

# What the server's main process sends its workers when they are about to be stopped.
END_STREAMS = signal.SIGUSR1


class OnePort:
    """The ASGI application."""

    def __init__(self) -> None:
        self.live = LiveEndpoint()
        self.pages = WsgiBridge(
            pages, threads=settings.WEB_THREADS, max_body=settings.MAX_BODY_BYTES, proxies=settings.PROXIES
        )

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or follow the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._start_and_stop(receive, send)
        elif scope["type"] == "http":
            handler = self.live if scope["path"] == "/live/" else self.pages
            await handler(scope, receive, send)

    async def _start_and_stop(self, receive: Receive, send: Send) -> None:
        await receive()
        asyncio.get_running_loop().add_signal_handler(END_STREAMS, self.live.end_streams)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.live.stop()
        self.pages.stop()
        await send({"type": "lifespan.shutdown.complete"})


application = OnePort()
