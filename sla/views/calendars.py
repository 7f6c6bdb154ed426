"""When the desk works: the list of calendars, the year of one, and what managers change there."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import agent
from accounts.models import User
from catalog.models import DayKind
from catalog.selectors import missing_statutory_years
from common import clock
from common.errors import InvalidInput
from sla.calendar_year import OWN, months_of, runs_of, special_days_of, stretches_of, weekly_hours
from sla.forms import CalendarForm, SpecialDayForm
from sla.models import Calendar
from sla.services.calendars import FIRST_YEAR, LAST_YEAR, hours_of, mark_day, save_calendar, unmark_day


@require_safe
@login_required
def calendars(request: HttpRequest) -> HttpResponse:
    """Every calendar with the hours of its week; members of staff may look."""
    user = agent(request)
    rows = []
    for calendar in Calendar.objects.prefetch_related("intervals").order_by("-is_active", "position", "code"):
        week = hours_of(calendar)
        rows.append({"calendar": calendar, "runs": runs_of(week), "hours": weekly_hours(week)})
    context = {"rows": rows, "year": this_year(), "edits": user.edits_calendars, "nav": "calendars"}
    return render(request, "sla/calendars.html", {**context, "missing_years": missing(user)})


@require_safe
@login_required
def year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The whole year of a calendar; `date`, `kind` and `name` in the address fill in the form beside it."""
    user, calendar = agent(request), found(code, year)
    form = (
        SpecialDayForm(week=hours_of(calendar), initial=_asked_day(request)) if user.edits_calendars else None
    )
    return year_page(request, calendar, year, form)


@require_POST
@login_required
def mark(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Make a date a day off or a make-up workday. 422 with the page as it was typed."""
    editor(request)
    calendar = found(code, year)
    form = SpecialDayForm(request.POST, week=hours_of(calendar))
    if not form.is_valid():
        return year_page(request, calendar, year, form, status=422)
    day = form.day()
    try:
        mark_day(calendar_id=calendar.pk, day=day, at=clock.now())
    except InvalidInput as refused:
        for text in refused.fields["days"]:
            form.add_error("date", text)
        return year_page(request, calendar, year, form, status=422)
    messages.success(request, _("Saved. Open promises follow."))
    return redirect("calendar-year", code, day.date.year)


@require_POST
@login_required
def unmark(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Take a special day of the calendar's own away; the form then holds what it was."""
    editor(request)
    calendar = found(code, year)
    day = _date(request.POST.get("date", ""))
    row = calendar.days.filter(date=day).first() if day else None
    back = reverse("calendar-year", args=[code, year])
    if row is None:
        return redirect(back)
    try:
        unmark_day(calendar_id=calendar.pk, date=row.date, at=clock.now())
    except InvalidInput as refused:
        messages.error(request, refused.message)
        return redirect(back)
    messages.success(request, _("Removed. Save it again to undo."))
    was = {"date": row.date.isoformat(), "kind": row.kind, "name": row.name, "as_weekday": row.as_weekday}
    return redirect(f"{back}?{urlencode(was)}#mark")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Another calendar."""
    editor(request)
    return _edited(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Names, hours and zone of a calendar."""
    editor(request)
    return _edited(request, get_object_or_404(Calendar, code=code))


def _edited(request: HttpRequest, calendar: Calendar | None) -> HttpResponse:
    form = CalendarForm(request.POST if request.method == "POST" else None, calendar=calendar)
    if form.is_valid():
        code = calendar.code if calendar else form.cleaned_data["code"]
        try:
            save_calendar(code=code, plan=form.plan(), at=clock.now())
        except InvalidInput as refused:
            form.take_refusal(refused)
        else:
            messages.success(request, _("Saved. Open promises follow."))
            return redirect("calendar-year", code, this_year())
    context = {"form": form, "calendar": calendar, "year": this_year(), "nav": "calendars"}
    return render(request, "sla/calendar_edit.html", context, status=422 if form.is_bound else 200)


def year_page(
    request: HttpRequest, calendar: Calendar, year: int, form: SpecialDayForm | None, status: int = 200
) -> HttpResponse:
    """The page of a calendar's year with a form as it stands."""
    user = agent(request)
    week, days = hours_of(calendar), special_days_of(calendar, year)
    months = months_of(week, days, year=year, today=timezone.localtime(clock.now()).date())
    context = {
        "calendar": calendar,
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "runs": runs_of(week),
        "hours": weekly_hours(week),
        "months": months,
        "working_days": sum(month.working_days for month in months),
        "days": stretches_of(days),
        "own": OWN,
        "form": form,
        "missing_years": missing(user) if calendar.uses_statutory_days else [],
        "nav": "calendars",
    }
    return render(request, "sla/calendar_year.html", context, status=status)


def editor(request: HttpRequest) -> User:
    """The manager or administrator who asks. Raises Http404 for anybody else."""
    user = agent(request)
    if not user.edits_calendars:
        raise Http404
    return user


def found(code: str, year: int | None = None) -> Calendar:
    """The calendar of a code. Raises Http404, for a year out of reach too."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return get_object_or_404(Calendar, code=code)


def missing(user: User) -> list[int]:
    """The years of statutory days that those who could see to it are reminded of."""
    return missing_statutory_years(at=clock.now()) if user.edits_calendars else []


def this_year() -> int:
    """The year, where the reader is."""
    return timezone.localtime(clock.now()).year


def _asked_day(request: HttpRequest) -> dict[str, Any]:
    said: dict[str, Any] = {"date": _date(request.GET.get("date", "")), "name": request.GET.get("name", "")}
    kind, weekday = request.GET.get("kind", ""), request.GET.get("as_weekday", "")
    said["kind"] = kind if kind in DayKind.values else DayKind.OFF
    said["as_weekday"] = int(weekday) if weekday in {"0", "1", "2", "3", "4", "5", "6"} else 0
    return said


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
