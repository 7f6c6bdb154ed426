"""When the demo's people work, what they know, and how one of their teams has its tickets given out."""

from datetime import datetime, timedelta

from accounts.models import Assignment, Organisation, Team, TeamMembership, User
from accounts.services.presence import add_leave, set_hours
from accounts.services.teams import set_assignment
from catalog.models import Category, Certificate, Module
from catalog.services.skills import set_skills
from catalog.skills import Known
from demo.people import Cast
from tickets.models import RoutingRule

# 10:00–12:30 and 13:30–19:30, Monday to Friday; the others keep the usual hours.
LATE = (*(((600, 750), (810, 1170)),) * 5, (), ())
SKILLS = {
    "luo.fan": ("tax", "reports", "budget"),
    "engineer": ("reports", "gl"),
    "lin.ke": ("gl", "fa", "arap"),
    "engineer2": ("platform", "cash"),
}
CAP = 8


def staff(cast: Cast, *, at: datetime) -> None:
    """Hours, skills, a certificate, somebody on leave from half an hour ago on, and the reports team by load."""
    manager, modules = cast.manager, dict(Module.objects.values_list("code", "pk"))
    set_hours(user=cast.engineers["engineer2"], week=LATE, keeps_statutory_days=True, by=manager, at=at)
    filing = Certificate.objects.create(code="tax-filing", name_zh="税务申报资格", name_en="Tax filing")
    held = {filing.pk: (at + timedelta(days=400)).date()}
    for name, codes in SKILLS.items():
        known = [Known(module=modules[code]) for code in codes]
        set_skills(user=cast.engineers[name], known=known, certificates=held if "tax" in codes else {})
    add_leave(
        user=cast.engineers["lin.ke"],
        starts_at=at - timedelta(minutes=30),
        ends_at=at + timedelta(days=2),
        kind="annual",
        note="回老家，急事打电话。",
        by=cast.engineers["lin.ke"],
        at=at,
    )
    _by_load("reports", manager)
    _route()


def _route() -> None:
    """Sign-in and permissions are the platform team's whatever the module; all that a gold customer asks goes to
    the general ledger team.
    """
    teams = Team.objects.in_bulk(field_name="code")
    access = Category.objects.get(code="access")
    RoutingRule.objects.create(position=10, category=access, team=teams["platform"])
    taihe = Organisation.objects.get(code="taihe")
    RoutingRule.objects.create(position=20, organisation=taihe, team=teams["gl"])


def _by_load(code: str, lead: User) -> None:
    TeamMembership.objects.filter(user=lead).update(in_rotation=False)
    team = Team.objects.get(code=code)
    part = list(team.memberships.exclude(user=lead).values_list("user", flat=True))
    set_assignment(team=team, way=Assignment.LEAST_LOADED, cap=CAP, taking_part=part)
