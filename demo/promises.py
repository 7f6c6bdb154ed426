"""What some customers are promised beyond the standard, and who is on duty."""

from datetime import datetime, timedelta

from accounts.models import ContractLevel, Duty, Organisation, Team
from demo.people import Cast
from sla.models import Calendar
from sla.services.policies import PolicyPlan, TargetPlan, save_policy
from sla.services.recalculating import work_off

LEVELS = {"taihe": ContractLevel.GOLD, "chenguang": ContractLevel.SILVER}
# Hours to the first response and to the resolution, by level and tier; the rest is the standard's.
HOURS = {
    ContractLevel.GOLD: {"general": (8, 24), "consultation": (24, 72)},
    ContractLevel.SILVER: {"general": (16, 48)},
}
NAMES = {
    ContractLevel.GOLD: ("金牌客户", "Gold customers"),
    ContractLevel.SILVER: ("银牌客户", "Silver customers"),
}
ON_DUTY = {"gl": "lin.ke", "reports": "luo.fan", "platform": "engineer2"}


def promise(cast: Cast, *, at: datetime) -> None:
    """Make contracts, policies and a week's duty; what is open follows."""
    for code, level in LEVELS.items():
        Organisation.objects.filter(code=code).update(contract_level=level)
    for position, level in enumerate(HOURS):
        _promise_by_level(level, 10 * (position + 1), at)
    for team, name in ON_DUTY.items():
        Duty.objects.create(
            team=Team.objects.get(code=team),
            user=cast.engineers[name],
            starts_at=at - timedelta(days=2),
            ends_at=at + timedelta(days=5),
        )
    work_off(at=at)


def _promise_by_level(level: ContractLevel, position: int, at: datetime) -> None:
    targets = [
        TargetPlan(metric, tier, timedelta(hours=hours))
        for tier, pair in HOURS[level].items()
        for metric, hours in zip(("first_response", "resolution"), pair, strict=True)
    ]
    zh, en = NAMES[level]
    plan = PolicyPlan(
        name_zh=zh,
        name_en=en,
        calendar=Calendar.objects.get(code="always"),
        targets=targets,
        position=position,
        contract_level=level,
    )
    save_policy(code=level, plan=plan, at=at)
