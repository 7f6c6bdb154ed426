"""What a drop onto a column, or into another lane, means, and why some mean nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from catalog.models import Product
from common.errors import DeskError, NotAllowed
from tickets import policies
from tickets.laning import NONE, OTHERS, Laning, text_of
from tickets.models import Ticket
from tickets.services.carrying import Step
from tickets.services.errors import StaleVersion
from tickets.services.transition import Inputs
from tickets.vocabulary import Lanes, Status, Tier
from tickets.workflow import ACTIONS, BOARD_COLUMNS, Action, Party, available, leading, target

# Said of a drop that no action leads to: by the column it fell on, where that says more than both names would.
BACK_TO_NEW = gettext_lazy("A ticket that was taken up does not go back to “New”.")
TAKE_UP_FIRST = gettext_lazy("Take the ticket up first: move it to “In progress”.")
REOPEN_FIRST = gettext_lazy("A resolved ticket is first reopened: move it to “In progress”.")
GO_ON_FIRST = gettext_lazy("Go on with the ticket first: move it to “In progress”.")
# The same of a drop into another lane.
NOBODYS = gettext_lazy(
    "A ticket stays with somebody: give it to another person, or hand it over to another team."
)
NO_PERSON = gettext_lazy("“Others” is nobody to give a ticket to. Choose a person on the ticket's page.")
NO_PRODUCT = gettext_lazy("“Others” is no product. Choose one on the ticket's page.")
ONE_AT_A_TIME = gettext_lazy("One thing at a time: first the lane, then the column.")
NOT_BOTH = gettext_lazy("Handing it over to another team and giving it to a person do not go together.")
WHY_FROM: Mapping[str, str | Promise] = {
    Status.NEW: TAKE_UP_FIRST,
    Status.ASSIGNED: TAKE_UP_FIRST,
    Status.WAITING_CUSTOMER: GO_ON_FIRST,
    Status.WAITING_VENDOR: GO_ON_FIRST,
    Status.RESOLVED: REOPEN_FIRST,
}


ID = re.compile(r"^\d{1,18}$", re.ASCII)


class NoSuchMove(DeskError):
    """No action leads from the card's column to the one it fell on (409)."""


@dataclass(frozen=True)
class Drop:
    """Where a card was put: the column, the lane if it is one of a kind of lanes, and the version that was seen."""

    to: str
    version: str
    by: str = ""
    lane: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str], by: str) -> "Drop":
        """The drop a page of lanes of that kind tells of. Raises Http404 for a column that does not exist."""
        if sent.get("to", "") not in BOARD_COLUMNS:
            raise Http404
        return cls(sent["to"], sent.get("version", ""), by, sent.get("lane", "") if by else "")

    def crosses(self, ticket: Ticket) -> bool:
        """Whether it is another lane than the card's own; one that was not named is its own."""
        if not self.lane:
            return False
        return self.lane != text_of(getattr(ticket, Laning(self.by).column))


@dataclass(frozen=True)
class Plan:
    """What a drop means: steps to be taken one after the other, at most one of which asks something first.

    Or, without steps, `changes` to what the ticket is about, as tickets.services.describing takes them.
    """

    steps: tuple[Step, ...]
    initial: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asking(self) -> Action | None:
        """The action whose form must be filled in; None: nothing is missing."""
        open_ones = (ACTIONS[step.action] for step in self.steps if step.inputs is None)
        return next((action for action in open_ones if action.requires), None)


def meant(user: User, ticket: Ticket, drop: Drop) -> Plan:
    """What a drop of the card means.

    Raises StaleVersion, NotAllowed or NoSuchMove.
    """
    if drop.version != str(ticket.version):
        raise StaleVersion(ticket)
    capacity = policies.parties(user, ticket)
    if Party.AGENT not in capacity:
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    if not drop.crosses(ticket):
        return _plan(Step(_leading(ticket.status, drop.to, capacity).code))
    if drop.by == Lanes.TIER:
        return _to_tier(ticket, drop, capacity)
    if drop.by == Lanes.PRODUCT:
        return _to_product(ticket, drop)
    return _to_person(user, ticket, drop, capacity)


def crosses(by: str, status: str, capacity: frozenset[Party]) -> bool:
    """Whether a card of that status may be carried to another lane at all."""
    if by == Lanes.PRODUCT:
        return Party.AGENT in capacity
    code = {Lanes.TIER: "set_tier", Lanes.ASSIGNEE: "assign"}.get(Lanes(by)) if by else None
    return any(action.code == code for action in available(status, capacity))


def _plan(*steps: Step, **initial: object) -> Plan:
    return Plan(steps, initial=initial)


def _leading(source: str, to: str, capacity: frozenset[Party]) -> Action:
    action = leading(source, to, capacity)
    if action is None:
        raise NoSuchMove(why_not(source, to))
    return action


def _to_tier(ticket: Ticket, drop: Drop, capacity: frozenset[Party]) -> Plan:
    """Another tier: asked for with the tier filled in, as its reason is read by the customer."""
    if drop.lane not in Tier.values:
        raise Http404
    if drop.to != ticket.status:
        raise NoSuchMove(str(ONE_AT_A_TIME))
    if not crosses(drop.by, ticket.status, capacity):
        raise NoSuchMove(why_not(ticket.status, ""))
    return _plan(Step("set_tier"), tier=drop.lane)


def _to_product(ticket: Ticket, drop: Drop) -> Plan:
    """Another product, or none: put right without a word."""
    if drop.to != ticket.status:
        raise NoSuchMove(str(ONE_AT_A_TIME))
    if drop.lane == OTHERS:
        raise NoSuchMove(str(NO_PRODUCT))
    product = Product.objects.filter(pk=drop.lane).first() if ID.match(drop.lane) else None
    if product is None and drop.lane != NONE:
        raise Http404
    return Plan((), changes={"product": product})


def _to_person(user: User, ticket: Ticket, drop: Drop, capacity: frozenset[Party]) -> Plan:
    """Another person, and another column with it if need be: whoever takes it up for themselves takes it."""
    if drop.lane in {NONE, OTHERS}:
        raise NoSuchMove(str(NOBODYS if drop.lane == NONE else NO_PERSON))
    person = User.objects.filter(pk=drop.lane).first() if ID.match(drop.lane) else None
    if person is None:
        raise Http404
    assign = Step("assign", Inputs(assignee=person))
    if person == user and drop.to == target("take", ticket.status):
        return _plan(Step("take"))
    given = target("assign", ticket.status)
    if given is None:
        # A resolved ticket is nobody's to do before it is opened again.
        return _plan(Step(_leading(ticket.status, drop.to, capacity).code), assign)
    if drop.to in {ticket.status, given}:
        return _plan(assign)
    onwards = _leading(given, drop.to, capacity)
    if onwards.code == "hand_over":
        raise NoSuchMove(str(NOT_BOTH))
    return _plan(assign, Step(onwards.code))


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
