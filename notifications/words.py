"""What notices say, in the language and time zone active while they are read."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.models import reads_chinese
from notifications.models import Told
from notifications.vocabulary import Kind
from sla.vocabulary import BREACH, HALF, MOST, Metric
from surveys.services.answering import SURVEY_NO
from tickets.models import NotLeft

# How an instant is said: `today 15:40` on a page, with its date in a mail.
Moment = Callable[[datetime], str]


def dated(instant: datetime) -> str:
    """An instant that will be read some other day: 3月4日（周三）15:40, Wed, Mar 4, 15:40."""
    local = timezone.localtime(instant)
    if reads_chinese():
        return f"{local.month}月{local.day}日（周{'一二三四五六日'[local.weekday()]}）{local:%H:%M}"
    return date_format(local, "D, M j, H:i")


def line(told: Told, *, moment: Moment) -> str:
    """What happened, in one sentence without full stop and without the ticket's number.

    Reads `told.actor`: lists select it along.
    """
    kind = Kind(told.kind)
    if kind in _TELLING:
        return _TELLING[kind](told, moment)
    return str(_PLAIN[kind]) % {"name": _who(told)}


def due_at(told: Told) -> datetime:
    """When the promise falls due that a clock's notice is about."""
    return datetime.fromisoformat(told.data["due_at"])


def _who(told: Told) -> str:
    return told.actor.name if told.actor else _("The desk")


_PLAIN: dict[Kind, Promise] = {
    Kind.TICKET_OPENED: gettext_lazy("A new ticket for your team"),
    Kind.TICKET_RECEIVED: gettext_lazy("%(name)s filed a ticket for you"),
    Kind.TICKET_ASSIGNED: gettext_lazy("%(name)s assigned it to you"),
    Kind.TICKET_HANDED_OVER: gettext_lazy("%(name)s handed it to your team"),
    Kind.NOTE_WRITTEN: gettext_lazy("%(name)s left an internal note"),
    Kind.TICKET_RESOLVED: gettext_lazy("%(name)s finished it. Please tell us whether it is solved"),
    Kind.TICKET_CANCELLED: gettext_lazy("%(name)s cancelled it"),
    Kind.SURVEY: gettext_lazy("How did we do? Half a minute will do"),
    Kind.SURVEY_REMINDER: gettext_lazy("How did we do? We have not heard from you yet"),
    Kind.DIGEST: gettext_lazy("What is due, waiting and nobody's this morning"),
}


def _answered(told: Told, moment: Moment) -> str:
    if told.data.get("call"):
        return _("%(name)s wrote down what you talked about on the phone") % {"name": _who(told)}
    return _("%(name)s answered you") % {"name": _who(told)}


def _wrote(told: Told, moment: Moment) -> str:
    if told.data.get("reopens"):
        return _("%(name)s wrote, and the closed ticket is open again") % {"name": _who(told)}
    return _("%(name)s wrote") % {"name": _who(told)}


def _reopened(told: Told, moment: Moment) -> str:
    reason = told.data.get("reason")
    if not reason:
        return _("We are working on it again")
    if told.actor is None and reason == SURVEY_NO:
        return _("The questionnaire says it is not solved")
    if told.actor is None:
        return _("The questionnaire says it is not solved: “%(words)s”") % {"words": reason}
    values = {"name": _who(told), "words": reason}
    if told.actor.is_customer:
        return _("%(name)s says it is not solved: “%(words)s”") % values
    return _("%(name)s reopened it: “%(words)s”") % values


def _closed(told: Told, moment: Moment) -> str:
    if told.data.get("by") == "customer":
        return _("%(name)s confirmed that it is solved") % {"name": _who(told)}
    if told.data.get("by") == "staff":
        return _("%(name)s closed it") % {"name": _who(told)}
    return _("Closed, as we heard nothing more. Write on it and it opens again")


def _not_left(told: Told, moment: Moment) -> str:
    return _("Your reply did not leave: %(why)s. It is in the box again") % {
        "why": NotLeft(told.data["reason"]).label
    }


def _warning(told: Told, moment: Moment) -> str:
    share = int(told.data["milestone"])
    values = {"metric": Metric(told.data["metric"]).label, "moment": moment(due_at(told)), "share": share}
    if share == HALF:
        return _("%(metric)s is due %(moment)s; half of the time is gone") % values
    if share == MOST:
        return _("%(metric)s is due %(moment)s; four fifths of the time is gone") % values
    return _("%(metric)s is due %(moment)s; %(share)d%% of the time is gone") % values


def _breached(told: Told, moment: Moment) -> str:
    share = int(told.data.get("milestone", BREACH))
    values = {"metric": Metric(told.data["metric"]).label, "moment": moment(due_at(told)), "share": share}
    if share > BREACH:
        return _("%(metric)s is still open, due %(moment)s; %(share)d%% of the time is gone") % values
    return _("%(metric)s is overdue since %(moment)s") % values


# What happened on a ticket somebody watches; the data's `what` says which.
WATCHED: dict[str, Promise] = {
    "answered": gettext_lazy("%(name)s answered the customer"),
    "called": gettext_lazy("%(name)s talked with the customer on the phone"),
    "wrote": gettext_lazy("%(name)s wrote"),
    "noted": gettext_lazy("%(name)s left an internal note"),
    "resolved": gettext_lazy("%(name)s resolved it"),
    "reopened": gettext_lazy("%(name)s opened it again"),
    "closed": gettext_lazy("It is closed"),
    "cancelled": gettext_lazy("%(name)s cancelled it"),
}


def _watched(told: Told, moment: Moment) -> str:
    return str(WATCHED[told.data["what"]]) % {"name": _who(told)}


_TELLING: dict[Kind, Callable[[Told, Moment], str]] = {
    Kind.STAFF_REPLIED: _answered,
    Kind.CUSTOMER_REPLIED: _wrote,
    Kind.TICKET_REOPENED: _reopened,
    Kind.TICKET_CLOSED: _closed,
    Kind.REPLY_NOT_LEFT: _not_left,
    Kind.WATCHED: _watched,
    Kind.CLOCK_WARNING: _warning,
    Kind.CLOCK_BREACHED: _breached,
}
# A kind without words would fail only when somebody reads it.
assert set(_PLAIN) | set(_TELLING) == set(Kind)  # noqa: S101
