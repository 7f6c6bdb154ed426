"""What a ticket's services refuse, with what the caller needs to go on."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.errors import DeskError
from tickets.models import Ticket


class StaleVersion(DeskError):
    """The ticket changed since the caller read it; `ticket` is its present state (409)."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            _("%(number)s was changed by someone else meanwhile. Look at it again and repeat your step.")
            % {"number": ticket.number}
        )
        self.ticket = ticket


class ActionNotPossible(DeskError):
    """The action does not lead from the ticket's status; `actions` are the codes of those that do (409)."""

    def __init__(self, ticket: Ticket, actions: Sequence[str]) -> None:
        super().__init__(
            _("This step does not lead on from “%(status)s”.") % {"status": ticket.get_status_display()}
        )
        self.ticket = ticket
        self.actions = list(actions)
