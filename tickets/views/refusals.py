"""Which HTTP status a refused change is answered with; the words are the error's own."""

from common.errors import DeskError, InvalidInput, NotAllowed, TooMany


def status_of(error: DeskError) -> int:
    """403, 422, 429, or 409 for what the present state of things does not allow."""
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, InvalidInput):
        return 422
    return 429 if isinstance(error, TooMany) else 409
