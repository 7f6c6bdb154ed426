"""Filing a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Category, Module, Product
from common.errors import InvalidInput, TooMany
from common.events import publish
from common.text import clean_line, clean_text
from tickets.events import TicketOpened, TicketTouched
from tickets.models import Attachment, Ticket
from tickets.models.ticket import SUBJECT_LENGTH, Channel
from tickets.routing_rules import Routed, team_for
from tickets.services.attaching import claim
from tickets.services.history import record
from tickets.services.indexing import index
from tickets.services.waking import wake
from tickets.services.weighing import named, weigh
from tickets.triage import Impact

DESCRIPTION_LENGTH = 20_000


@dataclass(frozen=True)
class Draft:
    """What a customer says when filing."""

    subject: str
    description: str
    product: Product | None = None
    module: Module | None = None
    category: Category | None = None
    edition: str = ""
    product_version: str = ""
    impact: Impact = field(default_factory=Impact)
    tags: Sequence[str] = ()


@transaction.atomic
def open_ticket(
    *,
    requester: User,
    draft: Draft,
    at: datetime,
    actor: User | None = None,
    channel: str = Channel.WEB,
    attachments: Sequence[Attachment] = (),
    follow_up_of: Ticket | None = None,
    key: UUID | None = None,
) -> Ticket:
    """File a ticket for `requester` at the instant `at`, with the tier its impact and category propose.

    `actor` is who typed it (the requester unless staff files for them). `key` makes a repeated call answer
    with the ticket the first one filed. Raises InvalidInput for text that is missing or too long, TooMany past
    the hourly allowance.
    """
    author = actor or requester
    draft = _checked(draft)
    # Filings for one requester queue up here: no limit is passed and no key used twice by filing at once.
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=requester.pk)
    earlier = Ticket.objects.filter(requester=requester, filing_key=key).first() if key else None
    if earlier is not None:
        return earlier
    if not author.is_agent:
        _respect_allowance(author, at)
    ticket, routed = _row(draft, requester, at, channel)
    ticket.follow_up_of = follow_up_of
    ticket.filing_key = key
    ticket.save(force_insert=True)
    claim(attachments=attachments, ticket=ticket, uploader=author)
    index(ticket)
    _record_opening(ticket, routed, author)
    wake(routed.team)
    publish(TicketOpened(ticket_id=ticket.pk, at=at, actor_id=author.pk))
    publish(TicketTouched(ticket_id=ticket.pk, at=at, actor_id=author.pk, what="opened"))
    # Subscribers wrote to the row (its next due moment): the caller gets what stands there.
    ticket.refresh_from_db(fields=["next_due_at"])
    return ticket


def _row(draft: Draft, requester: User, at: datetime, channel: str) -> tuple[Ticket, Routed]:
    routed = team_for(
        product=draft.product,
        module=draft.module,
        category=draft.category,
        organisation=requester.organisation,
    )
    proposal, window = weigh(
        impact=draft.impact,
        category=draft.category,
        module=draft.module,
        organisation=requester.organisation,
        at=at,
    )
    row = Ticket(
        subject=draft.subject,
        description=draft.description,
        requester=requester,
        organisation_id=requester.organisation_id,
        product=draft.product,
        edition=draft.edition,
        product_version=draft.product_version,
        module=draft.module,
        category=draft.category,
        production_down=draft.impact.production_down,
        users_affected=draft.impact.users_affected,
        deadline=draft.impact.deadline,
        deadline_at=draft.impact.deadline_at,
        workaround=draft.impact.workaround,
        tier=proposal.tier,
        tier_reasons=list(proposal.reasons),
        tier_window=named(window),
        team=routed.team,
        channel=channel,
        tags=list(draft.tags),
        created_at=at,
        updated_at=at,
        cycle_started_at=at,
    )
    return row, routed


def _record_opening(ticket: Ticket, routed: Routed, author: User) -> None:
    data = {"reasons": ticket.tier_reasons, "channel": ticket.channel, "team": ticket.team_id, **routed.told}
    if ticket.tier_window:
        data["window"] = ticket.tier_window
    if ticket.follow_up_of_id:
        data["follow_up_of"] = ticket.follow_up_of_id
    record(
        ticket=ticket,
        at=ticket.created_at,
        actor=author,
        event="opened",
        field="tier",
        new=ticket.tier,
        data=data,
    )


def _checked(draft: Draft) -> Draft:
    subject, description = clean_line(draft.subject), clean_text(draft.description)
    errors: dict[str, list[str]] = {}
    if not subject:
        errors["subject"] = [_("Say in one line what is wrong.")]
    elif len(subject) > SUBJECT_LENGTH:
        errors["subject"] = [_("At most %(count)d characters, please.") % {"count": SUBJECT_LENGTH}]
    if not description:
        errors["description"] = [_("Say how it came about: which step, which message, since when.")]
    elif len(description) > DESCRIPTION_LENGTH:
        errors["description"] = [_("At most %(count)d characters, please.") % {"count": DESCRIPTION_LENGTH}]
    if errors:
        raise InvalidInput(errors)
    return Draft(
        subject=subject,
        description=description,
        product=draft.product,
        module=draft.module,
        category=draft.category,
        edition=clean_line(draft.edition)[:60],
        product_version=clean_line(draft.product_version)[:40],
        impact=draft.impact,
        tags=[clean_line(tag)[:30] for tag in draft.tags],
    )


def _respect_allowance(author: User, at: datetime) -> None:
    """Counted in the database, so that it holds while the broker is away."""
    recent = Ticket.objects.filter(requester=author, created_at__gt=at - timedelta(hours=1)).count()
    if recent >= settings.FILINGS_PER_HOUR:
        raise TooMany(
            _("That is a lot of tickets in one hour. Please wait a little, or add to one you have filed."),
            retry_after=600,
        )
