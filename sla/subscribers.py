"""What happens to clocks when something happens to a ticket."""

from functools import partial

from catalog.events import StatutoryDaysChanged
from sla import clock as arithmetic
from sla.services.calendars import republish
from sla.services.keeping import change_clocks, refresh_next_due, start_clock
from sla.services.retargeting import follow_tier
from sla.vocabulary import Metric
from tickets.events import (
    TicketEnded,
    TicketMoved,
    TicketOpened,
    TicketReopened,
    TicketReplied,
    TicketResolved,
    TierChanged,
)
from tickets.models import Ticket
from tickets.vocabulary import Status


def on_opened(event: TicketOpened) -> None:
    """Both promises begin."""
    ticket = Ticket.objects.get(pk=event.ticket_id)
    start_clock(ticket=ticket, metric=Metric.FIRST_RESPONSE, cycle=1, at=event.at)
    start_clock(ticket=ticket, metric=Metric.RESOLUTION, cycle=1, at=event.at)
    refresh_next_due(ticket.pk)


def on_replied(event: TicketReplied) -> None:
    """The first public word of a member of staff keeps the first promise, and nothing else does."""
    if event.first_response:
        change_clocks(
            ticket_id=event.ticket_id,
            at=event.at,
            change=partial(arithmetic.stop, at=event.at),
            metric=Metric.FIRST_RESPONSE,
        )


def on_moved(event: TicketMoved) -> None:
    """The resolution clock rests while the customer is asked."""
    if event.new_status == Status.WAITING_CUSTOMER:
        step = arithmetic.pause
    elif event.old_status == Status.WAITING_CUSTOMER:
        step = arithmetic.resume
    else:
        return
    change_clocks(
        ticket_id=event.ticket_id, at=event.at, change=partial(step, at=event.at), metric=Metric.RESOLUTION
    )


def on_resolved(event: TicketResolved) -> None:
    """The resolution promise of this cycle is kept or broken."""
    change_clocks(
        ticket_id=event.ticket_id,
        at=event.at,
        change=partial(arithmetic.stop, at=event.at),
        metric=Metric.RESOLUTION,
    )


def on_reopened(event: TicketReopened) -> None:
    """A new cycle; the old one's outcome stays."""
    ticket = Ticket.objects.get(pk=event.ticket_id)
    start_clock(ticket=ticket, metric=Metric.RESOLUTION, cycle=event.cycle, at=event.at)
    refresh_next_due(ticket.pk)


def on_ended(event: TicketEnded) -> None:
    """Nothing is promised on a cancelled or merged ticket."""
    if event.status != Status.CLOSED:
        change_clocks(ticket_id=event.ticket_id, at=event.at, change=arithmetic.cancel)


def on_tier_changed(event: TierChanged) -> None:
    """Open clocks follow the new tier."""
    follow_tier(ticket_id=event.ticket_id, tier=event.new_tier, at=event.at)


def on_statutory_days_changed(event: StatutoryDaysChanged) -> None:
    """Calendars that use China's days have new hours."""
    republish(at=event.at)
