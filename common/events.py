"""A typed event bus inside the transaction.

Publishers hand over a frozen dataclass; every subscriber registered for its type runs at once, in the same
transaction, and touches local rows only. One that fails rolls the whole change back.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

Event = TypeVar("Event")
_subscribers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


class OutsideTransaction(RuntimeError):
    """An event was published where a failing subscriber could not undo the change."""


def subscribe(event_type: type[Event], subscriber: Callable[[Event], None]) -> None:
    """Call `subscriber` for every published `event_type`. Meant for `AppConfig.ready`; twice is once."""
    if subscriber not in _subscribers[event_type]:
        _subscribers[event_type].append(subscriber)


def publish(event: object) -> None:
    """Run the subscribers of the event's type, in order of registration.

    Raises OutsideTransaction when no atomic block is open.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(type(event).__name__)
    for subscriber in _subscribers[type(event)]:
        subscriber(event)
