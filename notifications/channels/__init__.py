"""The ways a message leaves the house, one folder each. A channel takes one message at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from notifications.models import Delivery


@dataclass(frozen=True)
class Answer:
    """What another system said: its HTTP status, None where none came, after how many milliseconds."""

    status: int | None
    milliseconds: int


class Failure(Exception):
    """A message was not handed over. `code` says why and holds nothing personal; `answer` is for the log."""

    def __init__(self, code: str, *, answer: Answer | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.answer = answer


class Refused(Failure):
    """This message will never be taken."""


class TryLater(Failure):
    """This message was not taken this time.

    `maybe_taken`: the conversation broke off, and the other side may have it all the same.
    """

    def __init__(self, code: str, *, maybe_taken: bool = False, answer: Answer | None = None) -> None:
        super().__init__(code, answer=answer)
        self.maybe_taken = maybe_taken


class Unreachable(TryLater):
    """Nothing is taken at present, this message or another."""


class Away(TryLater):
    """This target takes nothing at present, while others may."""


class Channel(Protocol):
    """Sends the message that some deliveries to one reader make up together."""

    def send(self, deliveries: Sequence[Delivery]) -> Answer | None:
        """Hand the message over; what the other side said, if that is kept. Raises Refused, TryLater, Unreachable."""

    def close(self) -> None:
        """Let go of the connection, if one is open. Never raises."""
