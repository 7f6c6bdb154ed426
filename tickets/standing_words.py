"""How somebody stands, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.availability import State
from common.templatetags.desk import moment
from tickets.crew import Presence, Standing

ALONE: Mapping[State, Promise] = {
    State.AT_WORK: _("at work"),
    State.ON_DUTY: _("on duty"),
    State.ON_LEAVE: _("away"),
    State.OFF: _("off work"),
}
UNTIL: Mapping[State, Promise] = {
    State.ON_DUTY: _("on duty until %(moment)s"),
    State.ON_LEAVE: _("away until %(moment)s"),
    State.OFF: _("off work until %(moment)s"),
}


def presence_in_words(presence: Presence) -> str:
    """At work, or since when not any more: `away until Mar 9, 09:00`."""
    if presence.until is None:
        return str(ALONE[presence.state])
    return str(UNTIL[presence.state]) % {"moment": moment(presence.until)}


def tickets_in_words(count: int) -> str:
    """So many tickets."""
    return ngettext("%(count)d ticket", "%(count)d tickets", count) % {"count": count}


def standing_in_words(standing: Standing) -> str:
    """Whether they are there and what they hold, for a menu: at work · 3 tickets."""
    return f"{presence_in_words(standing.presence)} · {tickets_in_words(standing.count)}"
