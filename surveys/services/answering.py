"""Taking an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import clean_text
from surveys.models import Answer, Invitation, InvitationState, Solved
from surveys.services.errors import SurveyClosed
from tickets.models import Ticket
from tickets.services.transition import Inputs, transition
from tickets.vocabulary import Status

CHANGEABLE_FOR = timedelta(hours=12)
COMMENT_LENGTH = 4000
SATISFACTION = range(1, 6)
RECOMMENDATION = range(11)
# A reason that is ours and not a person's words is a code; screens put it in the reader's language.
SURVEY_NO = "survey_no"


@dataclass(frozen=True)
class Said:
    """What the customer says. Only the first question has to be answered."""

    solved: str
    satisfaction: int | None = None
    recommend: int | None = None
    comment: str = ""


def may_answer(invitation: Invitation, answer: Answer | None, *, at: datetime) -> bool:
    """Whether an answer is taken at `at`: within 14 days, and changed for 12 hours."""
    if answer is not None:
        return at <= answer.answered_at + CHANGEABLE_FOR
    return (
        invitation.state == InvitationState.SENT
        and invitation.expires_at is not None
        and at <= invitation.expires_at
    )


@transaction.atomic
def answer(*, invitation_id: int, said: Said, at: datetime) -> Answer:
    """Store the answer of an invitation, or change it. “No” reopens the ticket with the customer's words.

    Raises SurveyClosed past its time, InvalidInput for what is none of the choices.
    """
    said = _checked(said)
    ticket_id = Invitation.objects.values_list("resolution__ticket", flat=True).get(pk=invitation_id)
    # The ticket first: whoever changes a ticket locks it before what hangs on it.
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("resolution").get(pk=invitation_id)
    )
    before = Answer.objects.filter(invitation=invitation).first()
    if not may_answer(invitation, before, at=at):
        raise SurveyClosed(_("This questionnaire is closed. Reply on the ticket if something is still open."))
    given = _store(invitation, before, said, at)
    if said.solved == Solved.NO and (before is None or before.solved != Solved.NO):
        _reopen(ticket, invitation, said.comment, at)
    return given


def _checked(said: Said) -> Said:
    comment = clean_text(said.comment)
    errors: dict[str, list[str]] = {}
    if said.solved not in Solved.values:
        errors["solved"] = [_("Tell us whether it is solved.")]
    if said.satisfaction is not None and said.satisfaction not in SATISFACTION:
        errors["satisfaction"] = [_("Choose a number from 1 to 5.")]
    if said.recommend is not None and said.recommend not in RECOMMENDATION:
        errors["recommend"] = [_("Choose a number from 0 to 10.")]
    if len(comment) > COMMENT_LENGTH:
        errors["comment"] = [_("At most %(count)d characters, please.") % {"count": COMMENT_LENGTH}]
    if errors:
        raise InvalidInput(errors)
    return Said(said.solved, said.satisfaction, said.recommend, comment)


def _store(invitation: Invitation, before: Answer | None, said: Said, at: datetime) -> Answer:
    given = Answer(
        pk=before.pk if before else None,
        invitation=invitation,
        solved=said.solved,
        satisfaction=said.satisfaction,
        recommend=said.recommend if invitation.asks_recommendation else None,
        comment=said.comment,
        answered_at=before.answered_at if before else at,
        changed_at=at if before else None,
    )
    given.save()
    invitation.state = InvitationState.ANSWERED
    invitation.save(update_fields=["state"])
    return given


def _reopen(ticket: Ticket, invitation: Invitation, comment: str, at: datetime) -> None:
    """Unless the ticket has gone on since that resolution."""
    action = {Status.RESOLVED: "reject", Status.CLOSED: "reopen"}.get(Status(ticket.status))
    if action is not None and ticket.cycle == invitation.resolution.cycle:
        transition(
            ticket_id=ticket.pk, action=action, actor=None, at=at, inputs=Inputs(reason=comment or SURVEY_NO)
        )
