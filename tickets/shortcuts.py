"""The shortcuts of staff, in one table: what the keys do, what the help lists, what can be switched off.

A sequence is written with a space between its keys: `g b`. Scripts know the actions by name and take the keys from
here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Shortcut:
    """One row: the keys as people read them, what they do, and the action a script runs for them.

    `action` is empty where another part of the page listens. `single`: made of plain characters, which people who
    dictate or brush a key may want to switch off (WCAG 2.1.4).
    """

    keys: str
    label: Promise
    action: str = ""
    single: bool = False


@dataclass(frozen=True)
class Group:
    """Shortcuts that belong together."""

    label: Promise
    rows: Sequence[Shortcut]


GROUPS: Sequence[Group] = (
    Group(
        _("Everywhere"),
        (
            Shortcut("Ctrl K", _("Find anything, do anything")),
            Shortcut("?", _("This list"), "help", single=True),
            Shortcut("/", _("Search"), "search", single=True),
            Shortcut("n", _("Take the next ticket"), "take-next", single=True),
            Shortcut("g b", _("To the board"), "board", single=True),
            Shortcut("g t", _("To the list of tickets"), "list", single=True),
        ),
    ),
    Group(
        _("Board and list"),
        (
            Shortcut("j", _("Down to the next ticket"), "down", single=True),
            Shortcut("k", _("Up to the one before"), "up", single=True),
            Shortcut("Enter", _("Open it")),
            Shortcut("x", _("Choose it in the list, pick it up on the board"), "pick", single=True),
            Shortcut("a", _("Assign it"), "assign", single=True),
        ),
    ),
    Group(
        _("On a ticket"),
        (
            Shortcut("r", _("Write a reply"), "reply", single=True),
            Shortcut("a", _("Assign it"), single=True),
            Shortcut("Ctrl J", _("Canned replies")),
            Shortcut("Ctrl Enter", _("Send")),
        ),
    ),
)


def keys() -> Mapping[str, str]:
    """The keys scripts listen for, each with its action."""
    return {row.keys: row.action for group in GROUPS for row in group.rows if row.action}
