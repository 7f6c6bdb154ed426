"""Which tier a ticket has by its answers, and by the closing window it falls into."""

from datetime import datetime
from typing import Any

from accounts.models import Organisation
from catalog.models import Category, Module
from tickets.closing_windows import window_at
from tickets.events import TierChanged
from tickets.models import ClosingWindow, Ticket
from tickets.services.history import record
from tickets.triage import Impact, Proposal, lowered, propose, raised

# What `weigh_again` sets.
WEIGHED = ("tier", "tier_reasons", "tier_window")


def weigh(
    *,
    impact: Impact,
    category: Category | None,
    module: Module | None,
    organisation: Organisation | None,
    at: datetime,
) -> tuple[Proposal, ClosingWindow | None]:
    """The tier proposed at `at`, and the window that raised it, if one did."""
    proposal = propose(impact, is_consultation=bool(category and category.is_consultation))
    higher = raised(proposal)
    window = window_at(organisation, module, at) if higher != proposal else None
    return (higher, window) if window else (proposal, None)


def named(window: ClosingWindow | None) -> dict[str, Any] | None:
    """A window as tickets and their history keep it: as it was called then."""
    return {"id": window.pk, "name_zh": window.name_zh, "name_en": window.name_en} if window else None


def weigh_again(*, ticket: Ticket, at: datetime) -> TierChanged | None:
    """After its organisation has changed at `at`: one tier up inside a window of theirs.

    What an earlier window had raised comes down first. A tier that a person has set stays, and so does that of a
    ticket that is not open. Sets the fields (WEIGHED) and writes history; the caller holds the lock, saves, and
    publishes the event, if there is one.
    """
    return _settle(ticket, _plain(ticket), at, otherwise="window_left")


def weigh_anew(*, ticket: Ticket, was_consultation: bool, at: datetime) -> TierChanged | None:
    """After its module or category was put right at `at`: the tier its answers propose for what it is about.

    Where the tier never came of the answers (an imported ticket), only its window is looked at again. Otherwise
    as `weigh_again`.
    """
    plain = _plain(ticket)
    if plain.tier == propose(ticket.impact, is_consultation=was_consultation).tier:
        consults = bool(ticket.category and ticket.category.is_consultation)
        plain = propose(ticket.impact, is_consultation=consults)
    return _settle(ticket, plain, at, otherwise="weighed")


def _plain(ticket: Ticket) -> Proposal:
    """The tier as it stands, without a window that raised it."""
    return lowered(Proposal(ticket.tier, tuple(ticket.tier_reasons)))


def _settle(ticket: Ticket, plain: Proposal, at: datetime, *, otherwise: str) -> TierChanged | None:
    """Give the ticket the tier of `plain`, or one more inside a window; `otherwise` is the event without one."""
    if ticket.tier_overridden_by_id is not None or not ticket.is_open:
        return None
    higher = raised(plain)
    window = window_at(ticket.organisation, ticket.module, at) if higher != plain else None
    now, old = higher if window else plain, ticket.tier
    ticket.tier, ticket.tier_reasons, ticket.tier_window = now.tier, list(now.reasons), named(window)
    if now.tier == old:
        return None
    event, data = ("closing_window", {"window": named(window)}) if window else (otherwise, {})
    record(
        ticket=ticket,
        at=at,
        actor=None,
        event=event,
        field="tier",
        old=old,
        new=now.tier,
        data={"reasons": list(now.reasons), **data},
    )
    return TierChanged(ticket_id=ticket.pk, at=at, actor_id=None, old_tier=old, new_tier=now.tier)
