"""What a card and a row show of a ticket: the clock that counts, and where the card may go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.templatetags.desk import avatar, duration, icon, moment
from sla import selectors as clocks
from sla.models import Clock
from sla.vocabulary import ClockState, Metric
from tickets import policies
from tickets.bulk_verbs import open_to
from tickets.cursors import microseconds
from tickets.laning import Laning
from tickets.models import Ticket
from tickets.selectors import WITHOUT_LANES
from tickets.views.countdown import NOTHING, Countdown, note, resting_rail
from tickets.views.moving import crosses
from tickets.vocabulary import Status
from tickets.workflow import BOARD_COLUMNS, Party, leading

# Short words for a narrow card: while there is time, and when it is over.
WORDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    Metric.FIRST_RESPONSE: (gettext_lazy("1st reply"), gettext_lazy("Reply late")),
    Metric.NEXT_RESPONSE: (gettext_lazy("To answer"), gettext_lazy("Answer late")),
    Metric.RESOLUTION: (gettext_lazy("To solve"), gettext_lazy("Solve late")),
}


@dataclass(frozen=True)
class Face:
    """A ticket as a card or a row, ready to be written down: a board has hundreds of them."""

    ticket: Ticket
    link: str
    # The clock that counts, or an icon and a word in its place; how much of its time is gone.
    clock: SafeString
    rail: SafeString
    overdue: bool
    organisation: str
    product: str
    tier: SafeString
    avatar: SafeString
    # Which columns the card may go to, its place in the order and its state, as data- attributes.
    attributes: SafeString
    # What may be done with it among many, as codes with spaces between.
    verbs: str


@dataclass(frozen=True)
class May:
    """What the reader may do with a ticket of one status, as data- attributes say it.

    The columns it may go to, whether it may be carried to another lane, and what may be done with many.
    """

    targets: str
    hand: str
    verbs: str


class Faces:
    """Makes faces of tickets for one reader at one moment."""

    def __init__(self, user: User, *, at: datetime, laning: Laning = WITHOUT_LANES) -> None:
        self.user = user
        self.at = at
        self.laning = laning
        self._roles = policies.roles_in_teams(user)
        # Everything that many cards share is made once.
        self._may: dict[tuple[str, frozenset[Party]], May] = {}
        self._tiers: dict[str, SafeString] = {}
        self._avatars: dict[int | None, SafeString] = {}
        self._words: dict[str, tuple[str, str, str]] = {}
        self._address = reverse("ticket", args=["NUMBER"])
        self._icons = {name: icon(name) for name in ("clock", "alert", "done", "pause")}

    def of(self, ticket: Ticket) -> Face:
        """The face of a ticket that came by `tickets.selectors.as_cards`. No query."""
        current = clocks.current(list(ticket.clocks.all()))
        running = clocks.next_due(current)
        resting = next((c for c in current if c.state == ClockState.PAUSED), None)
        countdown = self._countdown(running) if running else None
        overdue = countdown.look == "breach" if countdown else bool(resting and resting.breached)
        may = self._may_of(ticket)
        return Face(
            ticket=ticket,
            link=self._address.replace("NUMBER", ticket.number),
            clock=countdown.mark(self._icons) if countdown else self._note(ticket, resting, overdue=overdue),
            rail=countdown.rail if countdown else resting_rail(resting) if resting else NOTHING,
            overdue=overdue,
            organisation=ticket.organisation.label
            if ticket.organisation
            else getattr(ticket, "requester_name", ""),
            product=" · ".join(thing.name for thing in (ticket.product, ticket.module) if thing),
            tier=self._tier(ticket),
            avatar=self._avatar(ticket.assignee),
            attributes=self._attributes(ticket, may),
            verbs=may.verbs,
        )

    def of_all(self, tickets: Iterable[Ticket]) -> list[Face]:
        """The faces of tickets, in their order. No query."""
        return [self.of(ticket) for ticket in tickets]

    def _attributes(self, ticket: Ticket, may: May) -> SafeString:
        due = ticket.next_due_at
        return format_html(
            'data-number="{}" data-version="{}" data-status="{}" data-lane="{}" data-order="{}" data-to="{}"'
            ' data-hand="{}"',
            ticket.number,
            ticket.version,
            ticket.status,
            self.laning.key_of(ticket),
            # What falls due first comes first; nothing due, nothing given: the end.
            "" if due is None else microseconds(due),
            may.targets,
            may.hand,
        )

    def _may_of(self, ticket: Ticket) -> May:
        capacity = policies.parties(self.user, ticket, team_roles=self._roles)
        key = (ticket.status, capacity)
        if key not in self._may:
            ways = [to for to in BOARD_COLUMNS if leading(ticket.status, to, capacity)]
            hand = "1" if crosses(self.laning.by, ticket.status, capacity) else ""
            self._may[key] = May(" ".join(ways), hand, " ".join(open_to(ticket.status, capacity)))
        return self._may[key]

    def _tier(self, ticket: Ticket) -> SafeString:
        if ticket.tier not in self._tiers:
            self._tiers[ticket.tier] = render_to_string("components/tier.html", {"ticket": ticket})
        return self._tiers[ticket.tier]

    def _avatar(self, person: User | None) -> SafeString:
        key = person.pk if person else None
        if key not in self._avatars:
            self._avatars[key] = avatar(person, "avatar--me" if person == self.user else "")
        return self._avatars[key]

    def _countdown(self, clock: Clock) -> Countdown:
        if clock.metric not in self._words:
            word, late_word = WORDS[clock.metric]
            self._words[clock.metric] = str(word), str(late_word), str(clock.get_metric_display())
        word, late_word, name = self._words[clock.metric]
        return Countdown(
            title=f"{name} · {moment(clock.due_at)}",
            word=word,
            late_word=late_word,
            due_at=clock.due_at,
            started_at=clocks.rail_from(clock),
            left=clock.due_at - self.at,
            look=clocks.look(clock, at=self.at),
        )

    def _note(self, ticket: Ticket, resting: Clock | None, *, overdue: bool) -> SafeString:
        if ticket.status == Status.RESOLVED and ticket.resolved_at is not None:
            left = ticket.resolved_at + settings.AUTO_CLOSE_AFTER - self.at
            if left <= timedelta(0):
                return note(self._icons["done"], _("To be confirmed"), overdue=overdue)
            short = duration(_roughly(left))
            text = _("To confirm, %(left)s left") % {"left": short}
            return note(self._icons["done"], text, overdue=overdue, short=short)
        if resting is not None:
            text = _("Overdue, paused") if resting.breached else _("Paused")
            return note(self._icons["pause"], text, overdue=overdue)
        return NOTHING


def _roughly(length: timedelta) -> timedelta:
    """In the largest unit alone: a card has no room for more."""
    for unit in (timedelta(days=1), timedelta(hours=1)):
        if length >= unit:
            return length // unit * unit
    return length
