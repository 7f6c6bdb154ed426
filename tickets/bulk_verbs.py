"""What can be done with many tickets at once: the steps of staff in the workflow table, and tags. Pure."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tickets.vocabulary import Status
from tickets.workflow import ACTIONS, Action, Party

_STAFF = frozenset({Party.AGENT, Party.LEAD})
_ANYWHERE = {status: status for status in Status}

VERBS: Mapping[str, Action] = {
    **{code: action for code, action in ACTIONS.items() if action.parties & _STAFF},
    "tag": Action("tag", _("Add a tag"), _ANYWHERE, _STAFF, requires=("tag",)),
    "untag": Action("untag", _("Remove a tag"), _ANYWHERE, _STAFF, requires=("tag",)),
}
# At hand above the list; the others stand in a menu.
AT_HAND = ("take", "assign", "set_tier", "tag", "untag", "merge")


def open_to(status: str, capacity: frozenset[Party]) -> list[str]:
    """The codes of what somebody acting as `capacity` may do with a ticket of that status."""
    return [
        code
        for code, verb in VERBS.items()
        if Status(status) in verb.moves and verb.parties & _STAFF & capacity
    ]
