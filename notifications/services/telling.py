"""Writing down what people are to be told, inside the transaction of the change it tells of.

Rows only: open pages and workers hear of them after commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from common.live import announce
from notifications.models import Delivery, Notification
from notifications.recipients import reachable
from notifications.services.nudging import nudge_after_commit

EMAIL = "email"
# What a person wrote is quoted in a notice up to here; the ticket holds all of it.
QUOTE_LENGTH = 300
# Rows a statement.
ROWS = 1000


@dataclass(frozen=True)
class News:
    """Something people are told. `source` is the one thing it came of, such as `message:12`.

    The person of the id `actor_id` did it and is never told of it.
    """

    kind: str
    source: str
    ticket_id: int
    at: datetime
    actor_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def key(self, person: User) -> str:
        """What makes telling `person` happen once."""
        return f"{self.kind}:{self.source}:{person.pk}"

    def row(self, person: User) -> dict[str, Any]:
        """The fields notices and deliveries share."""
        return {
            "key": self.key(person),
            "kind": self.kind,
            "ticket_id": self.ticket_id,
            "actor_id": self.actor_id,
            "data": self.data,
            "created_at": self.at,
        }


Told = Iterable[tuple[News, Iterable[User]]]


def show(news: News, people: Iterable[User]) -> None:
    """Put the news under the bell of each of `people`."""
    _show([(news, people)])


def post(news: News, people: Iterable[User]) -> None:
    """Have the news mailed to each of `people`."""
    _post([(news, people)])


def tell(news: News, people: Iterable[User]) -> None:
    """Both: under the bell and by mail."""
    tell_many([(news, list(people))])


def tell_many(told: Told) -> None:
    """Both, of many things at once, each to its own people; in two statements."""
    pairs = [(news, list(people)) for news, people in told]
    _show(pairs)
    _post(pairs)


def _show(told: Told) -> None:
    notices = [
        Notification(**news.row(person), user=person)
        for news, people in told
        for person in reachable(people, but=news.actor_id)
    ]
    if notices:
        Notification.objects.bulk_create(notices, ignore_conflicts=True, batch_size=ROWS)
        announce({f"user:{notice.user_id}" for notice in notices}, {"event": "notice"})


def _post(told: Told) -> None:
    deliveries = [
        Delivery(**news.row(person), recipient=person, channel=EMAIL, next_attempt_at=news.at)
        for news, people in told
        for person in reachable(people, but=news.actor_id)
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=ROWS)
        nudge_after_commit()
