"""Taking days off from an iCal file: what would be added is shown before anything is."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import InvalidInput
from common.uploads import oversized
from sla.ical import MOST_BYTES, MOST_EVENTS, BadFile, Found, Trouble, read_days
from sla.models import Calendar
from sla.services.calendars import FIRST_YEAR, LAST_YEAR, SpecialDay, add_days_off
from sla.views.calendars import editor, found, this_year

SALT = "calendar-import"
# A preview is applied within the day.
PREVIEW_SECONDS = 24 * 3600
# How Chinese calendars mark the workday that makes up for a day off: 春节（班）, 国庆节补班.
WORKED = "班"
WORDS = {
    Trouble.TOO_LARGE: gettext_lazy("The file is larger than %(megabytes)d MB."),
    Trouble.UNREADABLE: gettext_lazy("This is no complete iCal file (.ics) in UTF-8."),
    Trouble.TOO_MANY: gettext_lazy("The file holds more than %(events)d events or days."),
    Trouble.NOTHING: gettext_lazy("The file holds no all-day events."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_days(request: HttpRequest, code: str) -> HttpResponse:
    """A file makes a preview, a preview sent back adds its days. 422 for what cannot be read."""
    editor(request)
    calendar = found(code)
    if request.method != "POST":
        return _page(request, calendar)
    return _apply(request, calendar) if "preview" in request.POST else _preview(request, calendar)


def _preview(request: HttpRequest, calendar: Calendar) -> HttpResponse:
    upload = request.FILES.get("file")
    if oversized(request) or (upload is not None and (upload.size or 0) > MOST_BYTES):
        return _page(request, calendar, error=_words(Trouble.TOO_LARGE))
    if upload is None:
        return _page(request, calendar, error=_("Choose a file first."))
    try:
        read = read_days(upload.read(), first=date(FIRST_YEAR, 1, 1), last=date(LAST_YEAR, 12, 31))
    except BadFile as bad:
        return _page(request, calendar, error=_words(bad.trouble))
    return _page(request, calendar, read=read)


def _words(trouble: Trouble) -> str:
    return str(WORDS[trouble]) % {"megabytes": MOST_BYTES // 2**20, "events": MOST_EVENTS}


def _page(
    request: HttpRequest, calendar: Calendar, *, error: str = "", read: Found | None = None
) -> HttpResponse:
    context = {"calendar": calendar, "error": error, "year": this_year(), "nav": "calendars"}
    if read is not None:
        there = set(calendar.days.values_list("date", flat=True))
        fresh = [(day, name) for day, name in sorted(read.days.items()) if day not in there]
        context |= {
            "read": read,
            "fresh": [(day, name, WORKED in name) for day, name in fresh],
            "known": len(read.days) - len(fresh),
            "preview": signing.dumps(
                [(day.isoformat(), name) for day, name in fresh], salt=SALT, compress=True
            ),
        }
    return render(request, "sla/calendar_import.html", context, status=422 if error else 200)


def _apply(request: HttpRequest, calendar: Calendar) -> HttpResponse:
    try:
        shown = signing.loads(request.POST["preview"], salt=SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        return _page(request, calendar, error=_("This preview is too old. Choose the file again."))
    without = set(request.POST.getlist("without"))
    days = [SpecialDay(date.fromisoformat(day), name=name) for day, name in shown if day not in without]
    try:
        added = add_days_off(calendar_id=calendar.pk, days=days, at=clock.now())
    except InvalidInput as refused:
        return _page(request, calendar, error=refused.message)
    text = ngettext("%(count)d day off was added.", "%(count)d days off were added.", added)
    messages.success(request, text % {"count": added})
    return redirect("calendar-year", calendar.code, days[0].date.year if days else this_year())
