"""What other systems are told when something happens: codes only, nothing of the inside."""

from notifications.services.broadcasting import broadcast
from notifications.services.telling import News
from notifications.vocabulary import Kind
from sla.events import Hit, MilestonesReached
from sla.vocabulary import BREACH
from tickets.events import (
    TicketAssigned,
    TicketEnded,
    TicketEvent,
    TicketHandedOver,
    TicketOpened,
    TicketReopened,
    TicketReplied,
    TicketResolved,
)
from tickets.vocabulary import Status

# A merged ticket goes on elsewhere.
_ENDS: dict[str, Kind] = {Status.CLOSED: Kind.TICKET_CLOSED, Status.CANCELLED: Kind.TICKET_CANCELLED}


def _tell(kind: Kind, source: str, event: TicketEvent) -> None:
    broadcast([News(kind, source, event.ticket_id, event.at, event.actor_id)])


def on_opened(event: TicketOpened) -> None:
    """A ticket was filed."""
    _tell(Kind.TICKET_OPENED, f"ticket:{event.ticket_id}", event)


def on_assigned(event: TicketAssigned) -> None:
    """Somebody holds it now, or nobody."""
    _tell(Kind.TICKET_ASSIGNED, f"assignee:{event.ticket_id}:{event.at.isoformat()}", event)


def on_handed_over(event: TicketHandedOver) -> None:
    """Another team has it now; that team's targets hear of it."""
    _tell(Kind.TICKET_HANDED_OVER, f"team:{event.ticket_id}:{event.at.isoformat()}", event)


def on_replied(event: TicketReplied) -> None:
    """That somebody wrote, never what; of notes nothing."""
    if event.public:
        kind = Kind.STAFF_REPLIED if event.by_staff else Kind.CUSTOMER_REPLIED
        _tell(kind, f"message:{event.message_id}", event)


def on_resolved(event: TicketResolved) -> None:
    """It was resolved."""
    _tell(Kind.TICKET_RESOLVED, f"resolution:{event.resolution_id}", event)


def on_reopened(event: TicketReopened) -> None:
    """It is open again, whoever saw to that; the reason stays here."""
    _tell(Kind.TICKET_REOPENED, f"cycle:{event.ticket_id}:{event.cycle}", event)


def on_ended(event: TicketEnded) -> None:
    """It was closed or cancelled."""
    kind = _ENDS.get(event.status)
    if kind is not None:
        _tell(kind, f"end:{event.ticket_id}:{event.at.isoformat()}", event)


def on_reached(event: MilestonesReached) -> None:
    """Promises that are about to break or broken, all of them at once."""
    broadcast([_news(hit, event) for hit in event.hits])


def _news(hit: Hit, event: MilestonesReached) -> News:
    kind = Kind.CLOCK_WARNING if hit.share < BREACH else Kind.CLOCK_BREACHED
    data = {"metric": hit.metric, "milestone": hit.share, "due_at": hit.due_at.isoformat()}
    source = f"clock:{hit.clock_id}:{hit.share}:{hit.due_at.isoformat()}"
    return News(kind, source, hit.ticket_id, event.at, data=data)
