"""What happens to tickets, as subscribers learn of it. Published inside the changing transaction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TicketEvent:
    """Common to all: the ticket, the instant, who did it (None: the desk itself)."""

    ticket_id: int
    at: datetime
    actor_id: int | None


@dataclass(frozen=True)
class TicketOpened(TicketEvent):
    """A ticket was filed."""


@dataclass(frozen=True)
class StepAhead(TicketEvent):
    """The actor is about to take a step on the ticket, which they have locked, and holds a reply on it.

    Published before anything is changed, so that the reply leaves first. A subscriber's refusal is the step's.
    """


@dataclass(frozen=True)
class ReplyHeld(TicketEvent):
    """The actor sent a reply that is held for a moment, or took it back. Nobody else knows of it."""


@dataclass(frozen=True)
class ReplyNotLeft(TicketEvent):
    """A held reply of the person `author_id` was refused when its moment came; `why` is a code of `NotLeft`."""

    author_id: int
    why: str


@dataclass(frozen=True)
class TicketReplied(TicketEvent):
    """A message was written. `first_response`: it is the first public one by staff.

    `is_call`: it was said on the phone; `at` is then the instant of the call, which may lie back.
    """

    message_id: int
    public: bool
    by_staff: bool
    is_automatic: bool
    first_response: bool
    is_call: bool = False


@dataclass(frozen=True)
class TicketMoved(TicketEvent):
    """The status changed by `action`. Published beside the more telling events below."""

    action: str
    old_status: str
    new_status: str


@dataclass(frozen=True)
class TicketAssigned(TicketEvent):
    """Somebody holds it now, or nobody any more."""

    assignee_id: int | None


@dataclass(frozen=True)
class TicketHandedOver(TicketEvent):
    """Another team has it now."""

    old_team_id: int | None
    new_team_id: int


@dataclass(frozen=True)
class OrganisationChanged(TicketEvent):
    """It belongs to another organisation now; ids, None for no organisation."""

    old: int | None
    new: int | None


@dataclass(frozen=True)
class TicketDescribed(TicketEvent):
    """What it is about was put right; `fields` names what changed: subject, product, module, category …"""

    fields: frozenset[str]


@dataclass(frozen=True)
class TierChanged(TicketEvent):
    """A person overrode the tier, or a closing window moved it (by the desk itself)."""

    old_tier: str
    new_tier: str


@dataclass(frozen=True)
class TicketResolved(TicketEvent):
    """Resolved; the survey and the silent closing hang on `resolution_id`."""

    resolution_id: int
    cycle: int


@dataclass(frozen=True)
class TicketReopened(TicketEvent):
    """Rejected by the customer or reopened; `cycle` is the new one. `reason` is in the writer's words."""

    cycle: int
    reason: str


@dataclass(frozen=True)
class TicketEnded(TicketEvent):
    """Closed, cancelled or merged."""

    status: str


@dataclass(frozen=True)
class TicketTouched(TicketEvent):
    """Something a watcher's page shows has changed; the last event of every change.

    `internal`: nothing a customer may see changed.
    """

    what: str
    internal: bool = False
