"""What a drop onto a column means, and why some mean nothing."""

from collections.abc import Mapping

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.errors import DeskError, NotAllowed
from tickets import policies
from tickets.models import Ticket
from tickets.services.errors import StaleVersion
from tickets.vocabulary import Status
from tickets.workflow import BOARD_COLUMNS, Action, Party, leading

# Said of a drop that no action leads to: by the column it fell on, where that says more than both names would.
BACK_TO_NEW = gettext_lazy("A ticket that was taken up does not go back to “New”.")
TAKE_UP_FIRST = gettext_lazy("Take the ticket up first: move it to “In progress”.")
REOPEN_FIRST = gettext_lazy("A resolved ticket is first reopened: move it to “In progress”.")
GO_ON_FIRST = gettext_lazy("Go on with the ticket first: move it to “In progress”.")
WHY_FROM: Mapping[str, str | Promise] = {
    Status.NEW: TAKE_UP_FIRST,
    Status.ASSIGNED: TAKE_UP_FIRST,
    Status.WAITING_CUSTOMER: GO_ON_FIRST,
    Status.WAITING_VENDOR: GO_ON_FIRST,
    Status.RESOLVED: REOPEN_FIRST,
}


class NoSuchMove(DeskError):
    """No action leads from the card's column to the one it fell on (409)."""


def meant(user: User, ticket: Ticket, *, to: str, version: str) -> Action:
    """The action that a drop of the card, seen at `version`, onto the column `to` means.

    Raises StaleVersion, NotAllowed or NoSuchMove; Http404 for a column that does not exist.
    """
    if to not in BOARD_COLUMNS:
        raise Http404
    if version != str(ticket.version):
        raise StaleVersion(ticket)
    capacity = policies.parties(user, ticket)
    if Party.AGENT not in capacity:
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    action = leading(ticket.status, to, capacity)
    if action is None:
        raise NoSuchMove(why_not(ticket.status, to))
    return action


def why_not(source: str, to: str) -> str:
    """Why nothing leads from one column to another, in words that say what to do."""
    if to == Status.NEW:
        return str(BACK_TO_NEW)
    if source in WHY_FROM:
        return str(WHY_FROM[source])
    return _("Nothing leads from “%(source)s” to “%(to)s”.") % {
        "source": Status(source).label,
        "to": Status(to).label,
    }
