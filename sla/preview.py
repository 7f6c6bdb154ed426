"""What tickets of a policy's kind would be promised just now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sla import clock as arithmetic
from sla.calendar import NoWorkingTime, WorkingCalendar
from sla.models import Calendar, Policy, PolicyVersion
from sla.rulebook import Facts, Terms
from sla.services.rules import Rulebook, calendar_of
from sla.vocabulary import MOST, Metric
from tickets.vocabulary import Tier


@dataclass(frozen=True)
class Row:
    """One promise a ticket filed now would have; `due_at` None where the calendar never comes to it.

    `policy` is the one that decides: another one, where that fits too and stands before this (`is_before`), or where
    this one names no target.
    """

    tier: Tier
    metric: Metric
    policy: Policy
    calendar: Calendar
    warned_at: datetime | None
    due_at: datetime | None
    is_before: bool


def preview(policy: Policy, *, at: datetime) -> list[Row]:
    """The promises of a ticket filed at `at` that the policy's conditions fit, per tier and metric."""
    return list(_rows(policy, at))


def _rows(policy: Policy, at: datetime) -> Iterator[Row]:
    rulebook = Rulebook()
    policies = {each.pk: each for each in Policy.objects.all()}
    owners = dict(PolicyVersion.objects.values_list("pk", "policy"))
    calendars = {each.pk: each for each in Calendar.objects.all()}
    for tier in [policy.tier] if policy.tier else Tier.values:
        for metric in Metric.values:
            terms = rulebook.terms(_facts(policy, tier), metric)
            if terms is None:
                continue
            calendar = calendar_of(rulebook.calendar_version(terms))
            warned_at, due_at = _moments(terms, calendar, at)
            yield Row(
                tier=Tier(tier),
                metric=Metric(metric),
                policy=policies[owners[terms.rules.version]],
                calendar=calendars[terms.promised.calendar],
                warned_at=warned_at,
                due_at=due_at,
                is_before=_place(policies[owners[terms.rules.version]]) < _place(policy),
            )


def _moments(
    terms: Terms, calendar: WorkingCalendar, at: datetime
) -> tuple[datetime | None, datetime | None]:
    try:
        reading = arithmetic.start(within=terms.promised.within, at=at, calendar=calendar)
        return arithmetic.milestone_at(reading, MOST), reading.due_at
    except NoWorkingTime:
        return None, None


def _place(policy: Policy) -> tuple[int, str]:
    return policy.position, policy.code


def _facts(policy: Policy, tier: str) -> Facts:
    organisation = policy.organisation
    level = organisation.contract_level if organisation else policy.contract_level
    return Facts(
        tier=tier,
        organisation=policy.organisation_id,
        contract_level=level,
        product=policy.product_id,
        category=policy.category_id,
    )
