"""Policies for tests, made the way the admin site makes them."""

from datetime import datetime, timedelta

from common import clock
from sla.models import Calendar, Policy, Step, Target
from sla.services.rules import publish_policy


def make_policy(
    code: str,
    targets: dict[tuple[str, str], float],
    *,
    at: datetime | None = None,
    calendar: str = "always",
    steps: tuple[dict[str, object], ...] = (),
    **fields: object,
) -> Policy:
    """A policy of the hours by (metric, tier), asked before the standard one."""
    policy = Policy.objects.create(
        code=code,
        name_zh=code,
        name_en=code,
        calendar=Calendar.objects.get(code=calendar),
        **{"position": 10, **fields},
    )
    for (metric, tier), hours in targets.items():
        Target.objects.create(policy=policy, metric=metric, tier=tier, within=timedelta(hours=hours))
    for step in steps:
        Step.objects.create(policy=policy, **step)
    publish_policy(policy_id=policy.pk, at=at or clock.now())
    return policy


def promise_nothing() -> None:
    """Take every policy out of use."""
    Policy.objects.update(is_active=False)
