"""Ties a child process to its parent."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(by: int = signal.SIGTERM) -> None:
    """In a child: get the signal `by` when the parent ends, however that happens (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, by)
