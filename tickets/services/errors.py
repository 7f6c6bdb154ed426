"""What a ticket's services refuse, with what the caller needs to go on."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.errors import DeskError, InvalidInput
from tickets.models import Message, NotLeft, Ticket


class StaleVersion(DeskError):
    """The ticket changed since the caller read it; `ticket` is its present state (409)."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            _("%(number)s was changed by someone else meanwhile. Look at it again and repeat your step.")
            % {"number": ticket.number}
        )
        self.ticket = ticket


class NothingToChange(InvalidInput):
    """The ticket is as it was wanted already (422)."""


class ActionNotPossible(DeskError):
    """The action does not lead from the ticket's status; `actions` are the codes of those that do (409)."""

    def __init__(self, ticket: Ticket, actions: Sequence[str]) -> None:
        super().__init__(
            _("This step does not lead on from “%(status)s”.") % {"status": ticket.get_status_display()}
        )
        self.ticket = ticket
        self.actions = list(actions)


class BeyondSkills(DeskError):
    """Tickets wait, but all of them ask for skills or certificates the person does not have (409)."""

    def __init__(self) -> None:
        super().__init__(_("What waits in your teams asks for skills you have not been given."))


class SettledMeanwhile(DeskError):
    """The ticket was resolved or ended by others while a reply to it was written, or before it left (409)."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            _("%(number)s was resolved or ended meanwhile. Look at it before you send this.")
            % {"number": ticket.number}
        )
        self.ticket = ticket


class ReplyInTheWay(DeskError):
    """A reply the person holds on the ticket would be refused, so their next step is, too; `why` says why (409)."""

    def __init__(self, why: NotLeft) -> None:
        super().__init__(
            _(
                "Your reply before this has not left: %(why)s. Undo it or wait a moment, then repeat your step."
            )
            % {"why": why.label}
        )
        self.why = why


class AnsweredMeanwhile(DeskError):
    """Others wrote publicly since the author last looked; `messages` are what they wrote, oldest first (409)."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__(
            _("Somebody else wrote meanwhile. Read it first; sending again sends your text as it is.")
        )
        self.messages = list(messages)
