"""Who is told what when something happens. Customers learn nothing of notes and nothing of the inside."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from accounts.models import Role, User
from notifications.recipients import Crew, holders, team_of, watchers_of
from notifications.services.telling import QUOTE_LENGTH, News, post, show, tell, tell_many
from notifications.vocabulary import Kind
from sla.events import Hit, MilestonesReached
from sla.vocabulary import BREACH
from surveys.events import SurveyReminded, SurveySent
from tickets.events import (
    ReplyNotLeft,
    TicketAssigned,
    TicketEnded,
    TicketHandedOver,
    TicketOpened,
    TicketReopened,
    TicketReplied,
    TicketResolved,
)
from tickets.models import Ticket
from tickets.services.replying import CUSTOMER_WROTE
from tickets.vocabulary import Status, Tier

# A merged ticket goes on elsewhere: its people are told nothing.
_ENDS: dict[str, Kind] = {Status.CLOSED: Kind.TICKET_CLOSED, Status.CANCELLED: Kind.TICKET_CANCELLED}
_ENDED = {Kind.TICKET_CLOSED: "closed", Kind.TICKET_CANCELLED: "cancelled"}
# By whom a ticket ended, as the words need it.
BY_CUSTOMER, BY_STAFF, BY_SILENCE = "customer", "staff", "silence"


def _ticket(ticket_id: int) -> Ticket:
    return Ticket.objects.select_related("requester", "assignee").get(pk=ticket_id)


def _tell_watchers(
    ticket: Ticket, news: News, what: str, *, inside: bool = False, besides: Iterable[User | None] = ()
) -> None:
    """The same news to those who watch the ticket; with its own words, and not to whom it is told as their own."""
    others = [person for person in besides if person is not None]
    data = {"what": what, **({"message": news.data["message"]} if "message" in news.data else {})}
    told = replace(news, kind=Kind.WATCHED, data=data)
    people = watchers_of(ticket, inside=inside, besides=[*others, ticket.requester])
    if people:
        tell(told, people)


def on_opened(event: TicketOpened) -> None:
    """The team learns of it; the requester gets a receipt, under the bell only if somebody else filed it."""
    ticket = _ticket(event.ticket_id)
    source = f"ticket:{ticket.pk}"
    show(News(Kind.TICKET_OPENED, source, ticket.pk, event.at, event.actor_id), team_of(ticket))
    show(News(Kind.TICKET_RECEIVED, source, ticket.pk, event.at, event.actor_id), [ticket.requester])
    # A receipt is no news of one's own act, it is the promise in writing.
    post(News(Kind.TICKET_RECEIVED, source, ticket.pk, event.at), [ticket.requester])


def on_assigned(event: TicketAssigned) -> None:
    """Whoever was given it by somebody else."""
    ticket = _ticket(event.ticket_id)
    if ticket.assignee is None:
        return
    source = f"assignee:{ticket.pk}:{ticket.version}"
    tell(News(Kind.TICKET_ASSIGNED, source, ticket.pk, event.at, event.actor_id), [ticket.assignee])


def on_handed_over(event: TicketHandedOver) -> None:
    """The team that has it now."""
    ticket = _ticket(event.ticket_id)
    source = f"team:{ticket.pk}:{ticket.version}"
    show(News(Kind.TICKET_HANDED_OVER, source, ticket.pk, event.at, event.actor_id), team_of(ticket))


def on_replied(event: TicketReplied) -> None:
    """The other side; of a note, whoever holds the ticket."""
    ticket = _ticket(event.ticket_id)
    source, data = f"message:{event.message_id}", {"message": event.message_id}
    if not event.public:
        note = News(Kind.NOTE_WRITTEN, source, ticket.pk, event.at, event.actor_id, data)
        show(note, [ticket.assignee] if ticket.assignee else [])
        _tell_watchers(ticket, note, "noted", inside=True, besides=[ticket.assignee])
    elif event.is_call:
        # The customer has heard it: no letter says it again.
        data |= {"call": True}
        news = News(Kind.STAFF_REPLIED, source, ticket.pk, event.at, event.actor_id, data)
        show(news, [ticket.requester])
        _tell_watchers(ticket, news, "called")
    elif event.by_staff:
        news = News(Kind.STAFF_REPLIED, source, ticket.pk, event.at, event.actor_id, data)
        tell(news, [ticket.requester])
        _tell_watchers(ticket, news, "answered")
    else:
        # The word of a customer reopens what is closed: that is one thing to be told, not two.
        data |= {"reopens": True} if ticket.status == Status.CLOSED else {}
        news = News(Kind.CUSTOMER_REPLIED, source, ticket.pk, event.at, event.actor_id, data)
        people = holders(ticket)
        show(news, people)
        post(news, [person for person in people if person == ticket.assignee])
        _tell_watchers(ticket, news, "wrote", besides=people)


def on_not_left(event: ReplyNotLeft) -> None:
    """Its author, who may have closed the page."""
    source = f"held:{event.ticket_id}:{event.at.isoformat()}"
    news = News(Kind.REPLY_NOT_LEFT, source, event.ticket_id, event.at, data={"reason": event.why})
    show(news, [User.objects.get(pk=event.author_id)])


def on_resolved(event: TicketResolved) -> None:
    """The requester, who is asked to confirm."""
    ticket = _ticket(event.ticket_id)
    source, data = f"resolution:{event.resolution_id}", {"resolution": event.resolution_id}
    news = News(Kind.TICKET_RESOLVED, source, ticket.pk, event.at, event.actor_id, data)
    tell(news, [ticket.requester])
    _tell_watchers(ticket, news, "resolved", besides=[ticket.assignee])


def on_reopened(event: TicketReopened) -> None:
    """Staff, if the customer says it is not solved; the requester, if staff took it up again."""
    if event.reason == CUSTOMER_WROTE:
        return
    ticket = _ticket(event.ticket_id)
    source = f"cycle:{ticket.pk}:{event.cycle}"
    data = {"reason": event.reason[:QUOTE_LENGTH]}
    people = holders(ticket)
    news = News(Kind.TICKET_REOPENED, source, ticket.pk, event.at, event.actor_id, data)
    tell(news, people)
    _tell_watchers(ticket, news, "reopened", besides=people)
    if event.actor_id is not None and _acts_as_staff(event.actor_id, ticket):
        # The reason is a word among staff.
        tell(News(Kind.TICKET_REOPENED, source, ticket.pk, event.at, event.actor_id), [ticket.requester])


def on_ended(event: TicketEnded) -> None:
    """The side that did not end it. A mail goes to a customer only for what was not asked of them."""
    kind = _ENDS.get(event.status)
    if kind is None:
        return
    ticket = _ticket(event.ticket_id)
    by = _side(event.actor_id, ticket)
    news = News(kind, f"end:{ticket.pk}:{ticket.version}", ticket.pk, event.at, event.actor_id, {"by": by})
    _tell_watchers(ticket, news, _ENDED[kind], besides=[ticket.assignee])
    if by == BY_CUSTOMER:
        show(news, [ticket.assignee] if ticket.assignee else [])
    elif kind == Kind.TICKET_CANCELLED:
        tell(news, [ticket.requester])
    else:
        show(news, [ticket.requester])


def _side(actor_id: int | None, ticket: Ticket) -> str:
    if actor_id is None:
        return BY_SILENCE
    return BY_STAFF if _acts_as_staff(actor_id, ticket) else BY_CUSTOMER


def _acts_as_staff(actor_id: int, ticket: Ticket) -> bool:
    if actor_id == ticket.requester_id:
        return False
    return User.objects.filter(pk=actor_id).exclude(role=Role.CUSTOMER).exists()


def on_reached(event: MilestonesReached) -> None:
    """Whoever the policy wants told. However many promises at once, it takes a fixed number of statements."""
    rows = Ticket.objects.select_related("requester", "assignee")
    tickets = rows.in_bulk({hit.ticket_id for hit in event.hits})
    crew = Crew()
    about = ((hit, tickets[hit.ticket_id]) for hit in event.hits)
    tell_many((_news(hit, ticket, event.at), _told(hit, ticket, crew)) for hit, ticket in about)


def _news(hit: Hit, ticket: Ticket, at: datetime) -> News:
    """A broken promise of an urgent ticket reaches its people whatever they have switched off."""
    data = {"metric": hit.metric, "milestone": hit.share, "due_at": hit.due_at.isoformat()}
    if hit.share < BREACH:
        source = f"clock:{hit.clock_id}:{hit.share}:{hit.due_at.isoformat()}"
        return News(Kind.CLOCK_WARNING, source, ticket.pk, at, data=data)
    after = "" if hit.share == BREACH else f":{hit.share}:{hit.due_at.isoformat()}"
    source, urgent = f"clock:{hit.clock_id}{after}", ticket.tier == Tier.URGENT
    return News(Kind.CLOCK_BREACHED, source, ticket.pk, at, data=data, urgent=urgent)


def _told(hit: Hit, ticket: Ticket, crew: Crew) -> list[User]:
    people = crew.holders(ticket) if hit.holder else []
    if hit.team:
        people = [*people, *crew.team_of(ticket)]
    if hit.leads:
        people = [*people, *crew.leads_of(ticket)]
    return people


def on_survey_sent(event: SurveySent) -> None:
    """The requester gets the link by mail."""
    _post_link(Kind.SURVEY, event)


def on_survey_reminded(event: SurveyReminded) -> None:
    """The requester gets the link once more."""
    _post_link(Kind.SURVEY_REMINDER, event)


def _post_link(kind: Kind, event: SurveySent | SurveyReminded) -> None:
    source, data = f"invitation:{event.invitation_id}", {"invitation": event.invitation_id}
    post(News(kind, source, event.ticket_id, event.at, data=data), [_ticket(event.ticket_id).requester])
