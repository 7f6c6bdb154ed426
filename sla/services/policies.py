"""Storing a policy as a whole, for REST; the admin site stores its rows itself and publishes them the same way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from catalog.models import Category, Product
from common.errors import InvalidInput
from sla.models import Calendar, Policy, Step, Target
from sla.services.rules import follow_all, publish_policy


@dataclass(frozen=True)
class TargetPlan:
    """What is promised for a tier and metric, on the policy's calendar or another."""

    metric: str
    tier: str
    within: timedelta
    calendar: Calendar | None = None


@dataclass(frozen=True)
class StepPlan:
    """What happens at a share of the time, of one metric or of all."""

    share: int
    metric: str = ""
    tell_holder: bool = True
    tell_team: bool = False
    tell_leads: bool = False
    action: str = ""


@dataclass(frozen=True)
class PolicyPlan:
    """All of a policy but its code; conditions left empty fit everything."""

    name_zh: str
    name_en: str
    calendar: Calendar
    targets: Sequence[TargetPlan] = ()
    steps: Sequence[StepPlan] = ()
    position: int = 100
    is_active: bool = True
    organisation: Organisation | None = None
    contract_level: str = ""
    product: Product | None = None
    category: Category | None = None
    tier: str = ""
    vendor_pauses: bool = False
    grace: timedelta = timedelta(minutes=15)
    repeats: bool = True


COLUMNS = (
    "name_zh", "name_en", "calendar", "position", "is_active", "organisation", "contract_level", "product",
    "category", "tier", "vendor_pauses", "grace", "repeats",
)  # fmt: skip


@transaction.atomic
def save_policy(*, code: str, plan: PolicyPlan, at: datetime, new: bool = False) -> Policy:
    """Store the policy of that code as `plan` says; open clocks follow. `new`: there must be none of that code yet.

    Raises InvalidInput with what is wrong, by field; `targets.0.within` names the first target's time.
    """
    known = Policy.objects.select_for_update().filter(code=code).first()
    if new and known is not None:
        raise InvalidInput({"code": [_("Another policy has this code.")]})
    policy = known or Policy(code=code)
    moved = policy.pk is not None and (policy.position, policy.is_active) != (plan.position, plan.is_active)
    for name in COLUMNS:
        setattr(policy, name, getattr(plan, name))
    targets = [Target(**vars(each)) for each in plan.targets]
    steps = [Step(**vars(each)) for each in plan.steps]
    wrong = _wrong(policy, "") | _all_wrong(targets, "targets") | _all_wrong(steps, "steps")
    wrong |= _twice([(each.tier, each.metric) for each in targets], "targets")
    wrong |= _twice([(each.share, each.metric) for each in steps], "steps")
    if wrong:
        raise InvalidInput(wrong)
    policy.save()
    for target in targets:
        target.policy = policy
    for step in steps:
        step.policy = policy
    policy.targets.all().delete()
    policy.steps.all().delete()
    Target.objects.bulk_create(targets)
    Step.objects.bulk_create(steps)
    publish_policy(policy_id=policy.pk, at=at)
    if moved:
        follow_all(at=at)
    return policy


def _all_wrong(rows: Sequence[Target | Step], name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for number, row in enumerate(rows):
        found |= _wrong(row, f"{name}.{number}.")
    return found


def _wrong(row: Policy | Target | Step, prefix: str) -> dict[str, list[str]]:
    try:
        row.clean_fields(exclude=["policy"])
    except ValidationError as refused:
        return {f"{prefix}{field}": list(texts) for field, texts in refused.message_dict.items()}
    return {}


def _twice(keys: Sequence[tuple[object, object]], name: str) -> dict[str, list[str]]:
    if max(Counter(keys).values(), default=0) > 1:
        return {name: [_("One of them is listed twice.")]}
    return {}
