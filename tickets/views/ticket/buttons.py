"""The buttons of a ticket: the actions the workflow table allows its reader, by weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tickets.forms.acting import label_of
from tickets.views.ticket.reader import Reader
from tickets.vocabulary import Status
from tickets.workflow import Action

ICONS: Mapping[str, str] = {
    "take": "user",
    "assign": "users",
    "start": "play",
    "hand_over": "swap",
    "wait_customer": "pause",
    "wait_vendor": "building",
    "resume": "play",
    "resolve": "check",
    "confirm": "check",
    "reject": "x",
    "reopen": "history",
    "close": "done",
    "cancel": "stop",
    "merge": "link",
    "set_tier": "flag",
}
# What is most likely the next step, and what stands beside it; everything else is in the menu.
NEXT: Mapping[str, Sequence[str]] = {
    Status.NEW: ("take",),
    Status.ASSIGNED: ("start", "take"),
    Status.IN_PROGRESS: ("resolve",),
    Status.WAITING_CUSTOMER: ("resume",),
    Status.WAITING_VENDOR: ("resume",),
    Status.RESOLVED: ("confirm",),
}
BESIDE: Mapping[str, Sequence[str]] = {
    Status.NEW: ("assign",),
    Status.ASSIGNED: ("take", "assign"),
    Status.IN_PROGRESS: ("wait_customer", "wait_vendor"),
    Status.WAITING_CUSTOMER: ("resolve",),
    Status.WAITING_VENDOR: ("resolve",),
    Status.RESOLVED: ("reject", "close", "reopen"),
    Status.CLOSED: ("reopen",),
}


@dataclass(frozen=True)
class Button:
    """One action as a button; `asks`: it opens a form first."""

    code: str
    label: str
    icon: str
    asks: bool


@dataclass(frozen=True)
class Buttons:
    """The next step (at most one), those beside it, and the menu."""

    next: Button | None
    beside: Sequence[Button]
    menu: Sequence[Button]
    codes: frozenset[str]


def buttons_of(reader: Reader) -> Buttons:
    """The reader's buttons for the ticket as it stands."""
    allowed = {action.code: _button(action, reader) for action in reader.actions}
    ticket = reader.ticket
    if ticket.assignee_id == reader.user.pk:
        # It is theirs already: taking it would change nothing.
        allowed.pop("take", None)
    following = [code for code in NEXT.get(ticket.status, ()) if code in allowed]
    if ticket.status == Status.ASSIGNED and ticket.assignee_id not in {None, reader.user.pk}:
        # A colleague's: starting it for them is not the likely step.
        following = [code for code in following if code == "take"]
    chosen = following[0] if following else None
    beside = [code for code in BESIDE.get(ticket.status, ()) if code in allowed and code != chosen]
    rest = [code for code in allowed if code != chosen and code not in beside]
    return Buttons(
        next=allowed[chosen] if chosen else None,
        beside=[allowed[code] for code in beside],
        menu=[allowed[code] for code in rest],
        codes=frozenset(allowed),
    )


def _button(action: Action, reader: Reader) -> Button:
    asks = bool(action.requires or action.accepts)
    return Button(action.code, label_of(action, plain=not reader.internal), ICONS[action.code], asks)
