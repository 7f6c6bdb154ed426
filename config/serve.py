"""`python -m config.serve`: the web processes of the desk, by granian.

HOST and PORT say where (127.0.0.1:8000), WEB_WORKERS how many processes. Each process works on at most WEB_THREADS
requests at once and holds as many database connections, plus two for the live stream.
"""

import os
import signal
from contextlib import suppress
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.urls import get_resolver
from granian.constants import Interfaces
from granian.server import Server

from common.memory import settle
from common.processes import die_with_parent
from config.asgi import END_STREAMS, application

# Connections a process keeps open at once: nearly all of them idle live streams.
OPEN_CONNECTIONS = 4096


def main() -> None:
    """Serve until told to stop."""
    server = Server(
        "config.asgi:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.ASGI,
        workers=settings.WEB_WORKERS,
        websockets=False,
        backlog=1024,
        backpressure=OPEN_CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.WEB_STOP_TIMEOUT,
        log_dictconfig=settings.LOGGING,
    )
    server.on_startup(lambda: _end_streams_first(server))
    server.serve(target_loader=_application, wrap_loader=False)


def _application() -> Any:
    """In a worker: end with the main process, whatever ends that; load what answers, before the first one asks."""
    die_with_parent(signal.SIGKILL)
    get_resolver().check()
    settle()
    return application


def _end_streams_first(server: Any) -> None:
    """Have the workers end their live streams when the server is told to stop.

    A worker that stops gracefully waits for open responses, and a stream is one that does not end by itself.
    """

    def stop(_number: int, _frame: object) -> None:
        for worker in server.wrks:
            with suppress(ProcessLookupError):
                os.kill(worker.inner.pid, END_STREAMS)
        server.signal_handler_interrupt()

    # Until a worker listens for it, the signal must do nothing.
    signal.signal(END_STREAMS, signal.SIG_IGN)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


if __name__ == "__main__":
    main()
