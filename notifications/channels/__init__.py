"""The ways a message leaves the house, one folder each. A channel takes one message at a time."""

from collections.abc import Sequence
from typing import Protocol

from notifications.models import Delivery


class Failure(Exception):
    """A message was not handed over. `code` says why and holds nothing personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(Failure):
    """This message will never be taken."""


class TryLater(Failure):
    """This message was not taken this time.

    `maybe_taken`: the conversation broke off, and the other side may have it all the same.
    """

    def __init__(self, code: str, *, maybe_taken: bool = False) -> None:
        super().__init__(code)
        self.maybe_taken = maybe_taken


class Unreachable(TryLater):
    """Nothing is taken at present, this message or another."""


class Channel(Protocol):
    """Sends the message that some deliveries to one person make up together."""

    def send(self, deliveries: Sequence[Delivery]) -> None:
        """Hand the message over. Raises Refused, TryLater or Unreachable."""

    def close(self) -> None:
        """Let go of the connection, if one is open. Never raises."""
