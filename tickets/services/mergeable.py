"""Whether one ticket may be merged into another."""

from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import InvalidInput
from tickets.models import Ticket
from tickets.vocabulary import UNCOUNTED


def check_merge(*, source: Ticket, into: Ticket, actor: User) -> None:
    """Raises InvalidInput where `source` cannot go on in `into`; both must be locked.

    A ticket the actor may not see is refused in the words of one that does not exist. As nothing is merged into a
    merged ticket, no ring can come about.
    """
    if not Ticket.objects.visible_to(actor).filter(pk=into.pk).exists():
        raise no_such_ticket()
    if source.pk == into.pk:
        raise _refused(_("A ticket cannot be merged into itself."))
    if into.status in UNCOUNTED:
        values = {"number": into.number, "status": into.get_status_display()}
        raise _refused(_("%(number)s has ended as “%(status)s”: nothing goes on there.") % values)
    if not _same_house(source, into):
        raise _refused(
            _("%(number)s is another customer's. They would read each other's words.")
            % {"number": into.number}
        )


def no_such_ticket(field: str = "into") -> InvalidInput:
    """The refusal of a number that belongs to no ticket, or to one that is not the caller's to see; of that input."""
    return InvalidInput({field: [_("There is no such ticket.")]})


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput({"into": [sentence]})


def _same_house(source: Ticket, into: Ticket) -> bool:
    """Of one organisation; without one, of one person."""
    if source.organisation_id is None:
        return into.organisation_id is None and source.requester_id == into.requester_id
    return source.organisation_id == into.organisation_id
