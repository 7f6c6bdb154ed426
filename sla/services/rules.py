"""Policies as rows, and as the values clocks are reckoned with."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, OuterRef, Subquery

from sla.calendar import ROUND_THE_CLOCK, WorkingCalendar
from sla.models import CalendarVersion, Policy, PolicyVersion, Recalculation
from sla.rulebook import Facts, Rules, Terms, decide, parse
from tickets.models import Ticket

CONDITIONS = ("organisation", "contract_level", "product", "category", "tier")
# A clock of an import hangs on no policy: the usual milestones hold, and nothing is told over and over.
_UNWRITTEN: dict[str, Any] = {
    "conditions": {},
    "targets": [],
    "steps": [],
    "vendor_pauses": False,
    "grace": 900,
    "repeats": False,
}


def book() -> list[Rules]:
    """The policies in use, in the order they are asked. One query."""
    newest = PolicyVersion.objects.filter(policy=OuterRef("policy")).order_by("-number").values("pk")[:1]
    found = PolicyVersion.objects.filter(policy__is_active=True, pk=Subquery(newest))
    rows = found.order_by("policy__position", "policy__code").values_list("pk", "data")
    return [parse(version, data) for version, data in rows]


@cache
def rules_of(version_id: int | None) -> Rules:
    """The rules of a version, which never change; those of an imported clock for None."""
    if version_id is None:
        return parse(0, _UNWRITTEN)
    return parse(version_id, PolicyVersion.objects.values_list("data", flat=True).get(pk=version_id))


@cache
def calendar_of(version_id: int | None) -> WorkingCalendar:
    """The calendar of a version, which never changes; round the clock for None."""
    return CalendarVersion.objects.get(pk=version_id).value if version_id else ROUND_THE_CLOCK


def current_calendars() -> dict[int, int]:
    """The newest version of each calendar, id by id. One query."""
    rows = CalendarVersion.objects.order_by("calendar", "-number").distinct("calendar")
    return dict(rows.values_list("calendar", "pk"))


def facts_of(ticket: Ticket, *, tier: str = "") -> Facts:
    """What of a ticket decides about its policy; with another tier, if one is given."""
    return Facts(
        tier=tier or ticket.tier,
        organisation=ticket.organisation_id,
        contract_level=ticket.organisation.contract_level if ticket.organisation else "",
        product=ticket.product_id,
        category=ticket.category_id,
    )


class Rulebook:
    """Policies and calendars as they are now, read once: two queries, however many tickets ask.

    Whoever writes clocks by it says so: an edit then waits for the writer's transaction, so that no clock
    begun by the old rules is missed by the recalculation.
    """

    def __init__(self, *, writing: bool = False) -> None:
        if writing:
            _lock("pg_advisory_xact_lock_shared")
        self.rules: Iterable[Rules] = book()
        self.calendars = current_calendars()

    def terms(self, facts: Facts, metric: str) -> Terms | None:
        """What is promised; None where nothing is."""
        return decide(self.rules, facts, metric)

    def calendar_version(self, terms: Terms) -> int:
        """The version of the calendar the terms count on."""
        return self.calendars[terms.promised.calendar]


# One number for "the rules are read to be written by" and "the rules change", within this database.
_RULES = 4_815_162


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_RULES])


@transaction.atomic
def publish_policy(*, policy_id: int, at: datetime) -> PolicyVersion:
    """The policy's newest version, made anew if the policy has been edited since; open clocks then follow.

    Orders of policies matter too: whoever only moves or switches one asks for `follow_all`.
    """
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    data = snapshot(policy)
    last = policy.versions.order_by("-number").first()
    if last is not None and last.data == data:
        return last
    number = (policy.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = PolicyVersion.objects.create(policy=policy, number=number, created_at=at, data=data)
    follow_all(at=at)
    return version


def follow_all(*, at: datetime, calendar_id: int | None = None) -> None:
    """Have every open clock (of a calendar, if given) follow what is in force now. A worker does it.

    Called in the transaction of the edit; it waits for those that began clocks by the rules before it.
    """
    _lock("pg_advisory_xact_lock")
    Recalculation.objects.create(requested_at=at, calendar_id=calendar_id)


def snapshot(policy: Policy) -> dict[str, Any]:
    """All that a policy says, in the shape `sla.rulebook` reads."""
    return {
        "conditions": {name: _condition(policy, name) for name in CONDITIONS},
        "vendor_pauses": policy.vendor_pauses,
        "grace": policy.grace.total_seconds(),
        "repeats": policy.repeats,
        "targets": [
            {
                "tier": target.tier,
                "metric": target.metric,
                "within": target.within.total_seconds(),
                "calendar": target.calendar_id or policy.calendar_id,
            }
            for target in policy.targets.order_by("tier", "metric")
        ],
        "steps": [
            {
                "share": step.share,
                "metric": step.metric,
                "holder": step.tell_holder,
                "team": step.tell_team,
                "leads": step.tell_leads,
                "action": step.action,
            }
            for step in policy.steps.order_by("share", "metric")
        ],
    }


def _condition(policy: Policy, name: str) -> int | str | None:
    if name in {"contract_level", "tier"}:
        return str(getattr(policy, name))
    found: int | None = getattr(policy, f"{name}_id")
    return found
