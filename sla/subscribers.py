"""What happens to clocks when something happens to a ticket, a policy or a calendar."""

from functools import partial

from django.db.models import Min

from accounts.events import ContractChanged
from accounts.models import Role, User
from catalog.events import StatutoryDaysChanged
from sla import clock as arithmetic
from sla.events import CalendarPublished
from sla.services.calendars import republish
from sla.services.following import follow
from sla.services.keeping import begin_wait, change_clocks, end_wait, owe_answer, start_clocks
from sla.services.rules import follow_all
from sla.vocabulary import Metric, WaitFor
from tickets.events import (
    OrganisationChanged,
    TicketDescribed,
    TicketEnded,
    TicketMoved,
    TicketOpened,
    TicketReopened,
    TicketReplied,
    TicketResolved,
    TierChanged,
)
from tickets.models import Message, MessageKind, Ticket
from tickets.vocabulary import Status

ANSWERS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
_WAITS: dict[str, str] = {
    Status.WAITING_CUSTOMER: WaitFor.CUSTOMER,
    Status.WAITING_VENDOR: WaitFor.VENDOR,
}


def _ticket(ticket_id: int) -> Ticket:
    return Ticket.objects.select_related("organisation").get(pk=ticket_id)


def on_opened(event: TicketOpened) -> None:
    """Both promises of a new ticket begin."""
    metrics = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
    start_clocks(ticket=_ticket(event.ticket_id), metrics=metrics, cycle=1, at=event.at)


def on_replied(event: TicketReplied) -> None:
    """A public word of a member of staff keeps the promise to answer, and nothing else does.

    A customer's word begins the next such promise. Notes and automatic words do neither.
    """
    if not event.public or event.is_automatic:
        return
    if event.by_staff:
        answer = partial(arithmetic.answer, at=event.at)
        change_clocks(ticket_id=event.ticket_id, at=event.at, change=answer, metrics=ANSWERS)
        if event.is_call:
            _owe_what_came_since(event)
    else:
        owe_answer(ticket=_ticket(event.ticket_id), at=event.at)


def _owe_what_came_since(event: TicketReplied) -> None:
    """A call logged late does not answer what the customer wrote after it."""
    words = Message.objects.filter(ticket=event.ticket_id, kind=MessageKind.PUBLIC, by_staff=False)
    since = words.filter(at__gt=event.at).aggregate(first=Min("at"))["first"]
    if since is not None:
        owe_answer(ticket=_ticket(event.ticket_id), at=since)


def on_moved(event: TicketMoved) -> None:
    """The resolution clock rests while the customer is asked, or the vendor where the policy says so."""
    if event.old_status in _WAITS:
        end_wait(ticket_id=event.ticket_id, at=event.at)
    if event.new_status in _WAITS:
        begin_wait(ticket_id=event.ticket_id, reason=_WAITS[event.new_status], at=event.at)


def on_resolved(event: TicketResolved) -> None:
    """The resolution promise of this cycle is kept or broken; its text answers what the customer last said."""
    change_clocks(
        ticket_id=event.ticket_id,
        at=event.at,
        change=partial(arithmetic.stop, at=event.at),
        metrics=(Metric.NEXT_RESPONSE, Metric.RESOLUTION),
    )


def on_reopened(event: TicketReopened) -> None:
    """A new cycle; the old one's outcome stays. A customer who says it is not solved waits for an answer."""
    ticket = _ticket(event.ticket_id)
    start_clocks(ticket=ticket, metrics=[Metric.RESOLUTION], cycle=event.cycle, at=event.at)
    if not _is_staff(event.actor_id):
        owe_answer(ticket=ticket, at=event.at)


def _is_staff(user_id: int | None) -> bool:
    people = User.objects.exclude(role=Role.CUSTOMER)
    return user_id is not None and people.filter(pk=user_id).exists()


def on_ended(event: TicketEnded) -> None:
    """Nothing is promised on a cancelled or merged ticket; on a closed one no answer is owed any more."""
    if event.status == Status.CLOSED:
        give_up = partial(arithmetic.give_up, at=event.at)
        change_clocks(ticket_id=event.ticket_id, at=event.at, change=give_up, metrics=ANSWERS)
    else:
        change_clocks(ticket_id=event.ticket_id, at=event.at, change=arithmetic.cancel)


def on_tier_changed(event: TierChanged) -> None:
    """Open clocks follow the new tier."""
    follow(ticket=_ticket(event.ticket_id), at=event.at, why="tier")


def on_organisation_changed(event: OrganisationChanged) -> None:
    """Open clocks follow what the other organisation is promised."""
    follow(ticket=_ticket(event.ticket_id), at=event.at, why="organisation")


def on_described(event: TicketDescribed) -> None:
    """Open clocks follow the policy for what the ticket is about."""
    if event.fields & {"product", "category"}:
        follow(ticket=_ticket(event.ticket_id), at=event.at, why="described")


def on_contract_changed(event: ContractChanged) -> None:
    """What the organisation is promised may be another matter now; a worker sees to its open clocks."""
    follow_all(at=event.at)


def on_calendar_published(event: CalendarPublished) -> None:
    """Open clocks follow the edited calendar; a worker sees to it."""
    follow_all(at=event.at, calendar_id=event.calendar_id)


def on_statutory_days_changed(event: StatutoryDaysChanged) -> None:
    """Calendars that use China's days have new hours."""
    republish(at=event.at)
