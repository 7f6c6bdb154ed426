"""What is changed on the team's page: how tickets are given out; somebody's hours, leaves and skills."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import agent
from accounts.models import Role, Team, User, WorkingHours
from accounts.policies import manages_person, manages_team
from accounts.services.presence import add_leave, end_leave, set_hours
from accounts.services.teams import set_assignment
from catalog.services.skills import set_skills
from common import clock
from common.errors import InvalidInput
from tickets.forms.team import AssignmentForm, HoursForm, LeaveForm, SkillsForm
from tickets.services.waking import wake
from tickets.views.team import skill_in_words


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assignment(request: HttpRequest, code: str) -> HttpResponse:
    """How a team's tickets come to its people. For those who lead it."""
    team = get_object_or_404(Team, code=code, is_active=True)
    if not manages_team(agent(request), team):
        raise Http404
    rows = team.memberships.filter(user__is_active=True, user__is_bot=False).exclude(user__role=Role.CUSTOMER)
    members = list(rows.select_related("user").order_by("user__name", "user_id"))
    people, taking_part = [row.user for row in members], [row.user_id for row in members if row.in_rotation]
    form = AssignmentForm(team, people, taking_part, request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        set_assignment(team=team, way=said["way"], cap=said["cap"], taking_part=said["people"])
        wake(Team.objects.get(pk=team.pk))
        messages.success(request, _("Saved."))
        return redirect("team")
    context = {"team": team, "form": form, "nav": "team"}
    return render(request, "tickets/team_assignment.html", context, status=422 if form.is_bound else 200)


@require_safe
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """When somebody works and is away, and what they know: for themselves and those who lead a team of theirs."""
    return _page(request, _found(request, pk))


@require_POST
@login_required
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when somebody works. For those who lead a team of theirs."""
    who = _managed(request, pk)
    form = HoursForm(_hours_of(who), request.POST)
    if form.is_valid():
        statutory = form.cleaned_data["keeps_statutory_days"]
        try:
            set_hours(
                user=who, week=form.week, keeps_statutory_days=statutory, by=agent(request), at=clock.now()
            )
        except InvalidInput as error:
            form.refuse(error)
        else:
            return _saved(request, who)
    return _page(request, who, hours=form)


@require_POST
@login_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when somebody is away: their own business, and of those who lead a team of theirs."""
    who, at = _found(request, pk), clock.now()
    form = LeaveForm(request.POST, at=at)
    if form.is_valid():
        try:
            add_leave(user=who, by=agent(request), at=at, **form.cleaned_data)
        except InvalidInput as error:
            form.refuse(error)
        else:
            return _saved(request, who)
    return _page(request, who, leave=form)


@require_POST
@login_required
def leave_end(request: HttpRequest, pk: int, leave_pk: int) -> HttpResponse:
    """Take a leave back, or end the one somebody is on."""
    who = _found(request, pk)
    end_leave(leave_id=get_object_or_404(who.leaves, pk=leave_pk).pk, by=agent(request), at=clock.now())
    return _saved(request, who)


@require_POST
@login_required
def skills(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what somebody knows. For those who lead a team of theirs."""
    who = _managed(request, pk)
    form = SkillsForm(who, request.POST)
    if form.is_valid():
        said = form.certificates
        try:
            set_skills(user=who, known=form.known, certificates=said.held, named=said.named)
        except InvalidInput as error:
            form.refuse(error)
        else:
            return _saved(request, who)
    return _page(request, who, skills=form)


def _found(request: HttpRequest, pk: int) -> User:
    user = agent(request)
    who = get_object_or_404(User.objects.select_related("working_hours"), pk=pk)
    if who != user and not manages_person(user, who):
        raise Http404
    return who


def _managed(request: HttpRequest, pk: int) -> User:
    who = _found(request, pk)
    if not manages_person(agent(request), who):
        raise Http404
    return who


def _saved(request: HttpRequest, who: User) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("team-person", who.pk)


def _hours_of(who: User) -> WorkingHours | None:
    return getattr(who, "working_hours", None)


def _held(who: User, at: datetime) -> list[tuple[str, date | None, bool]]:
    """The certificates somebody holds: name, last day, and whether it has not run out."""
    today = timezone.localtime(at).date()
    rows = who.certificates.select_related("certificate")
    return [(row.certificate.name, row.expires_on, row.is_valid_on(today)) for row in rows]


def _page(request: HttpRequest, who: User, **forms: Any) -> HttpResponse:
    """The page of a person, with a form as it stands; 422 where that was not taken."""
    user, at = agent(request), clock.now()
    manages = manages_person(user, who)
    context = {
        "who": who,
        "manages": manages,
        "stored": _hours_of(who),
        "hours": forms.get("hours") or HoursForm(_hours_of(who)),
        "leave": forms.get("leave") or LeaveForm(at=at),
        "leaves": list(who.leaves.filter(ends_at__gt=at).select_related("updated_by")),
        "skills": (forms.get("skills") or SkillsForm(who)) if manages else None,
        "known": [skill_in_words(row) for row in who.skills.select_related("product", "module")],
        "held": _held(who, at) if not manages else [],
        "at": at,
        "nav": "team",
    }
    return render(request, "tickets/team_person.html", context, status=422 if forms else 200)
