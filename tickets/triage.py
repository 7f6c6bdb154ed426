"""Which tier a ticket is proposed, and why. Pure: impact and category in, tier and reason codes out."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.vocabulary import Deadline, ProductionDown, Tier, UsersAffected, Workaround


@dataclass(frozen=True)
class Impact:
    """The structured answers about business impact, each a code of `tickets.vocabulary`."""

    production_down: str = ProductionDown.NONE
    users_affected: str = UsersAffected.ONE
    deadline: str = Deadline.NONE
    deadline_at: datetime | None = None
    workaround: str = Workaround.AWKWARD


# One tier up, for a ticket inside a closing window.
CLOSING_WINDOW = "closing_window"
HIGHER = {Tier.CONSULTATION: Tier.GENERAL, Tier.GENERAL: Tier.URGENT}
_DOWN = {higher: lower for lower, higher in HIGHER.items()}


@dataclass(frozen=True)
class Proposal:
    """A proposed tier and the codes of its reasons, the weightiest first (keys of REASONS)."""

    tier: str
    reasons: tuple[str, ...]


REASONS: dict[str, Promise] = {
    "production_down": _("The business has stopped"),
    "production_partial": _("Part of the business has stopped"),
    "deadline_month_end": _("The month-end close is blocked"),
    "deadline_tax_filing": _("A tax filing is due"),
    "deadline_external_report": _("An external report is due"),
    "users_organisation": _("The whole organisation is affected"),
    "users_department": _("A department is affected"),
    "no_workaround": _("There is no other way for now"),
    "consultation": _("It is a question about how to do something"),
    "function": _("A function does not behave as it should"),
    CLOSING_WINDOW: _("It falls into a closing window"),
    "imported": _("As judged by the system it came from"),
}


def propose(impact: Impact, *, is_consultation: bool = False) -> Proposal:
    """The tier for an impact (source: tier table of the product page).

    Urgent: the business has stopped; or a deadline cannot be met because something does not work and there
    is no other way. Consultation: the category says so, and nothing has stopped. General: all else.
    """
    weighty = _weighty_reasons(impact)
    blocked_deadline = (
        impact.deadline != Deadline.NONE
        and impact.workaround == Workaround.NONE
        and (impact.production_down != ProductionDown.NONE or impact.users_affected != UsersAffected.ONE)
        and not is_consultation
    )
    if impact.production_down == ProductionDown.FULL or blocked_deadline:
        return Proposal(Tier.URGENT, weighty)
    if is_consultation and impact.production_down == ProductionDown.NONE:
        return Proposal(Tier.CONSULTATION, ("consultation",))
    return Proposal(Tier.GENERAL, ("function", *weighty))


def raised(proposal: Proposal) -> Proposal:
    """One tier up for a closing window, which is then the first reason; what is urgent stays as it is."""
    higher = HIGHER.get(Tier(proposal.tier))
    return Proposal(higher, (CLOSING_WINDOW, *proposal.reasons)) if higher else proposal


def lowered(proposal: Proposal) -> Proposal:
    """Without the closing window that had raised it, if one had."""
    if CLOSING_WINDOW not in proposal.reasons:
        return proposal
    reasons = tuple(code for code in proposal.reasons if code != CLOSING_WINDOW)
    return Proposal(_DOWN.get(Tier(proposal.tier), Tier(proposal.tier)), reasons)


def _weighty_reasons(impact: Impact) -> tuple[str, ...]:
    found = []
    if impact.production_down == ProductionDown.FULL:
        found.append("production_down")
    elif impact.production_down == ProductionDown.PARTIAL:
        found.append("production_partial")
    if impact.deadline != Deadline.NONE:
        found.append(f"deadline_{impact.deadline}")
    if impact.users_affected in {UsersAffected.ORGANISATION, UsersAffected.DEPARTMENT}:
        found.append(f"users_{impact.users_affected}")
    if impact.workaround == Workaround.NONE:
        found.append("no_workaround")
    return tuple(found)
