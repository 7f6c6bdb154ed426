"""Reading notices. Each answer takes a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from common.templatetags.desk import moment
from notifications import words
from notifications.models import Notification
from notifications.vocabulary import Kind
from tickets.models import Ticket

PAGE = 50
COUNT_UP_TO = 99
ICONS = {
    Kind.TICKET_OPENED: "ticket",
    Kind.TICKET_RECEIVED: "ticket",
    Kind.TICKET_ASSIGNED: "user",
    Kind.TICKET_HANDED_OVER: "swap",
    Kind.STAFF_REPLIED: "reply",
    Kind.CUSTOMER_REPLIED: "chat",
    Kind.NOTE_WRITTEN: "lock",
    Kind.TICKET_RESOLVED: "check",
    Kind.TICKET_REOPENED: "history",
    Kind.TICKET_CLOSED: "done",
    Kind.WATCHED: "eye",
    Kind.TICKET_CANCELLED: "x",
    Kind.REPLY_NOT_LEFT: "alert",
    Kind.CLOCK_WARNING: "clock",
    Kind.CLOCK_BREACHED: "alert",
    Kind.SURVEY: "flag",
    Kind.SURVEY_REMINDER: "flag",
    Kind.DIGEST: "mail",
}
# What of a notice's data its reader may have; the rest is for finding rows again.
TOLD = ("metric", "milestone", "due_at", "reason", "by", "what")


@dataclass(frozen=True)
class Unread:
    """What waits under the bell: how many, counted up to one more than is shown, and the newest one's id (or 0)."""

    count: int
    newest: int

    def __str__(self) -> str:
        return str(self.count) if self.count <= COUNT_UP_TO else f"{COUNT_UP_TO}+"


@dataclass(frozen=True)
class Line:
    """A notice as its reader may see it; `ticket` is None and `data` empty once the ticket is out of sight."""

    id: int
    kind: str
    text: str
    ticket: Ticket | None
    data: dict[str, Any]
    created_at: datetime
    read_at: datetime | None

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return ICONS[Kind(self.kind)] if self.ticket else "lock"


def unread(user: User) -> Unread:
    """What waits under the user's bell. One query."""
    waiting = Notification.objects.filter(user=user, read_at=None).order_by("-id")
    ids = list(waiting.values_list("pk", flat=True)[: COUNT_UP_TO + 1])
    return Unread(len(ids), ids[0] if ids else 0)


def page_of(user: User, *, before: int | None = None) -> tuple[list[Line], int | None]:
    """Fifty of the user's notices, newest first, older than the id `before`; and where the next page begins."""
    notices = Notification.objects.filter(user=user).select_related("ticket", "actor").order_by("-id")
    if before is not None:
        notices = notices.filter(pk__lt=before)
    found = list(notices[: PAGE + 1])
    return _lines(user, found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else None


def unread_since(user: User, *, newest: int, urgent_only: bool = False) -> list[Line]:
    """The user's unread notices that are newer than the id `newest`, the newest first; at most fifty."""
    notices = Notification.objects.filter(user=user, read_at=None, pk__gt=newest)
    if urgent_only:
        notices = notices.filter(data__urgent=True)
    return _lines(user, list(notices.select_related("ticket", "actor").order_by("-id")[:PAGE]))


def _lines(user: User, notices: Iterable[Notification]) -> list[Line]:
    about = Ticket.objects.filter(pk__in={notice.ticket_id for notice in notices})
    visible = set(about.visible_to(user).values_list("pk", flat=True))
    return [_line(notice, visible=notice.ticket_id in visible) for notice in notices]


def _line(notice: Notification, *, visible: bool) -> Line:
    return Line(
        id=notice.pk,
        kind=notice.kind,
        text=words.line(notice, moment=moment) if visible else _("About a ticket that you no longer see"),
        ticket=notice.ticket if visible else None,
        data={name: notice.data[name] for name in TOLD if name in notice.data} if visible else {},
        created_at=notice.created_at,
        read_at=notice.read_at,
    )
