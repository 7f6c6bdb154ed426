"""`python -m bench.one_port_server SHAPE PORT`: granian on one of the shapes of bench/one_port_shapes.py."""

import os
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server


def main(shape: str, port: int) -> None:
    """Serve until told to stop."""
    interface = Interfaces.WSGI if shape == "wsgi" else Interfaces.ASGI
    server = Server(
        f"bench.one_port_shapes:{shape}",
        port=port,
        interface=interface,
        workers=int(os.environ["WEB_WORKERS"]),
        blocking_threads=int(os.environ["WEB_THREADS"]) if interface == Interfaces.WSGI else None,
        websockets=False,
        backpressure=4096,
        workers_kill_timeout=2,
        log_level=LogLevels.error,
    )
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
