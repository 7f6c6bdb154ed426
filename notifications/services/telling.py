"""Writing down what people are to be told, inside the transaction of the change it tells of.

Rows only: open pages and workers hear of them after commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from common.live import announce
from common.nudging import nudge_after_commit
from notifications.models import Delivery, Notification, Preference
from notifications.quiet import ends_at
from notifications.recipients import reachable
from notifications.services.preferring import preferences_of
from notifications.vocabulary import DELIVER, Outlet, Way, group_of

# What a person wrote is quoted in a notice up to here; the ticket holds all of it.
QUOTE_LENGTH = 300
# Rows a statement.
ROWS = 1000


@dataclass(frozen=True)
class News:
    """Something people are told. `source` is the one thing it came of, such as `message:12`.

    The person of the id `actor_id` did it and is never told of it. `urgent` comes at once, whatever somebody has
    switched off and at whatever hour.
    """

    kind: str
    source: str
    ticket_id: int | None
    at: datetime
    actor_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False

    def key(self, person: User) -> str:
        """What makes telling `person` happen once."""
        return f"{self.kind}:{self.source}:{person.pk}"

    def row(self, person: User) -> dict[str, Any]:
        """The fields notices and deliveries share."""
        return {"key": self.key(person), **self.fields()}

    def fields(self) -> dict[str, Any]:
        """Those of them that are the same for every reader."""
        return {
            "kind": self.kind,
            "ticket_id": self.ticket_id,
            "actor_id": self.actor_id,
            "data": {**self.data, "urgent": True} if self.urgent else self.data,
            "created_at": self.at,
        }


Told = Iterable[tuple[News, Iterable[User]]]


def show(news: News, people: Iterable[User]) -> None:
    """Put the news under the bell of each of `people` who wants it there."""
    readers = _reached([(news, people)])
    _show(readers, Wishes(readers))


def post(news: News, people: Iterable[User]) -> None:
    """Have the news mailed to each of `people` who wants it; in somebody's quiet hours it waits for their end."""
    readers = _reached([(news, people)])
    _post(readers, Wishes(readers))


def tell(news: News, people: Iterable[User]) -> None:
    """Both: under the bell and by mail."""
    tell_many([(news, people)])


def tell_many(told: Told) -> None:
    """Both, of many things at once, each to its own people; in three statements."""
    readers = _reached(told)
    wishes = Wishes(readers)
    _show(readers, wishes)
    _post(readers, wishes)


Reached = list[tuple[News, User]]


class Wishes:
    """What the readers of some news have chosen; read once, whatever there is to tell them."""

    def __init__(self, readers: Reached) -> None:
        self._chosen: dict[int, Preference] = preferences_of(person for _news, person in readers)
        self._ends: dict[tuple[int, datetime], datetime | None] = {}

    def wants(self, news: News, person: User, way: Way) -> bool:
        """Whether it is to come that way; what is urgent always is."""
        group = group_of(news.kind, staff=person.is_agent)
        return news.urgent or self._chosen[person.pk].wants(group, way)

    def held_until(self, news: News, person: User) -> datetime | None:
        """When the quiet hours end into which the news falls; None when it may leave at once."""
        hours = None if news.urgent else self._chosen[person.pk].hours(person.time_zone)
        if hours is None:
            return None
        if (person.pk, news.at) not in self._ends:
            self._ends[person.pk, news.at] = ends_at(hours, news.at)
        return self._ends[person.pk, news.at]


def _reached(told: Told) -> Reached:
    return [(news, person) for news, people in told for person in reachable(people, but=news.actor_id)]


def _show(readers: Reached, wishes: Wishes) -> None:
    notices = [
        Notification(**news.row(person), user=person)
        for news, person in readers
        if wishes.wants(news, person, Way.APP)
    ]
    if notices:
        Notification.objects.bulk_create(notices, ignore_conflicts=True, batch_size=ROWS)
        announce({f"user:{notice.user_id}" for notice in notices}, {"event": "notice"})


def _post(readers: Reached, wishes: Wishes) -> None:
    deliveries = []
    for news, person in readers:
        if wishes.wants(news, person, Way.EMAIL):
            until = wishes.held_until(news, person)
            when = {"next_attempt_at": until or news.at, "held_until": until}
            deliveries.append(Delivery(**news.row(person), recipient=person, channel=Outlet.EMAIL, **when))
    if deliveries:
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=ROWS)
        nudge_after_commit(DELIVER)
