"""What people of the demo do, each step one service called at its instant."""

from datetime import datetime

from accounts.models import Team, User
from demo.cases import Case
from tickets.models import Ticket
from tickets.services.drafting import Typed, save_draft
from tickets.services.opening import open_ticket
from tickets.services.replying import reply
from tickets.services.transition import Inputs, transition
from tickets.vocabulary import Status


class Story:
    """One case on its way: the ticket, who asked and who works on it."""

    def __init__(self, case: Case, requester: User) -> None:
        self.case = case
        self.requester = requester
        self.ticket_id = 0
        self.engineer: User | None = None

    def file(self, at: datetime) -> Ticket:
        """The customer files it."""
        ticket = open_ticket(requester=self.requester, draft=self.case.draft(), at=at)
        self.ticket_id = ticket.pk
        return ticket

    def act(self, action: str, actor: User | None, at: datetime, **inputs: object) -> None:
        """One transition."""
        transition(
            ticket_id=self.ticket_id,
            action=action,
            actor=actor,
            at=at,
            inputs=Inputs(**inputs),  # type: ignore[arg-type]
        )

    def assign(self, engineer: User, manager: User, at: datetime) -> None:
        """The manager gives it to somebody."""
        self.engineer = engineer
        self.act("assign", manager, at, assignee=engineer)

    def take(self, engineer: User, at: datetime) -> None:
        """An engineer takes it."""
        self.engineer = engineer
        self.act("take", engineer, at)

    def hand_over(self, engineer: User, team: Team, at: datetime) -> None:
        """It belongs to another team."""
        self.act("hand_over", engineer, at, team=team, note="不属于本组模块，转给对口团队。")

    def turn(self, number: int, at: datetime) -> None:
        """The message of that number; even ones are the desk's."""
        author = self.engineer if number % 2 == 0 else self.requester
        reply(ticket_id=self.ticket_id, author=author, body=self.case.turns[number], at=at)  # type: ignore[arg-type]

    def note(self, at: datetime) -> None:
        """An internal note."""
        body = self.case.note
        reply(ticket_id=self.ticket_id, author=self.engineer, body=body, at=at, public=False)  # type: ignore[arg-type]

    def begin_to_write(self, body: str, at: datetime) -> None:
        """The engineer types an answer and is called away."""
        assert self.engineer is not None  # noqa: S101 (somebody has taken it by then)
        ticket = Ticket.objects.get(pk=self.ticket_id)
        save_draft(ticket=ticket, author=self.engineer, typed=Typed(body), at=at)

    def wait(self, at: datetime) -> None:
        """For the customer, or for the vendor the case names."""
        if self.case.vendor:
            self.act("wait_vendor", self.engineer, at, note=self.case.vendor)
        else:
            self.act("wait_customer", self.engineer, at)

    def resolve(self, at: datetime) -> None:
        """The engineer says how it was solved."""
        self.act("resolve", self.engineer, at, resolution=self.case.resolution)

    def end(self, action: str, at: datetime, *, reason: str = "") -> None:
        """The customer's last word, unless the ticket has gone on without it."""
        status = Ticket.objects.values_list("status", flat=True).get(pk=self.ticket_id)
        if status == Status.RESOLVED:
            self.act(action, self.requester, at, reason=reason)
