"""Errors services raise for a person to read. Screens and API turn each into its answer in one place."""

from typing import Any


class DeskError(Exception):
    """Base of what a caller may have done wrong; `message` is a sentence in the reader's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(DeskError):
    """Input that cannot be taken: `fields` maps a field's name to its messages (422)."""

    def __init__(self, fields: dict[str, list[Any]]) -> None:
        super().__init__("; ".join(str(text) for texts in fields.values() for text in texts))
        self.fields = fields


class NotAllowed(DeskError):
    """The person may see the thing but not do this with it (403)."""


class TooMany(DeskError):
    """A rate limit was reached; `retry_after` is in seconds (429)."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
