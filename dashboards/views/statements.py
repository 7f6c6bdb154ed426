"""Monthly statements: the list, the document as a page, and as files."""

from datetime import datetime
from typing import Any

import structlog
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Organisation, User
from common import clock
from dashboards import statement_words as words
from dashboards.periods import Period, months_later
from dashboards.statement import (
    NotBegun,
    Statement,
    month_of,
    overview,
    parse_month,
    readable,
    statement,
)
from dashboards.statement_pdf import FontMissing, pdf_of
from dashboards.statement_xlsx import xlsx_of
from dashboards.views.access import as_file, reader
from dashboards.views.page import XLSX

log = structlog.get_logger(__name__)
REFUSED, UNAVAILABLE = 422, 503


@never_cache
@require_safe
@login_required
def statements(request: HttpRequest) -> HttpResponse:
    """The last twelve months of every organisation whose statements the reader may read; nothing for others."""
    who = reader(request)
    if not readable(who).exists():
        raise Http404
    months, rows = overview(who, at=clock.now())
    named = [(f"{month.first:%Y-%m}", words.month_name(month)) for month in months]
    shown = [(row.organisation, list(zip(named, row.months, strict=True))) for row in rows]
    context = {**_frame(who), "months": named, "rows": shown}
    return render(request, "dashboards/statements.html", context)


@never_cache
@require_safe
@login_required
def statement_page(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """An organisation's month; one that has not begun is refused with a sentence."""
    who, organisation, period = _asked(request, code, month)
    at = clock.now()
    context: dict[str, Any] = _about(who, organisation, period, at)
    try:
        found = statement(organisation, period, reader=who, at=at)
    except NotBegun:
        text = _("This month has not begun yet. Its statement fills from its first day on.")
        return render(request, "dashboards/statement.html", {**context, "refusal": text}, status=REFUSED)
    return render(request, "dashboards/statement.html", {**context, **_shown(found)})


@never_cache
@require_safe
@login_required
def statement_file(request: HttpRequest, code: str, month: str, ending: str) -> HttpResponse:
    """The statement as PDF or as a workbook."""
    who, organisation, period = _asked(request, code, month)
    at = clock.now()
    try:
        found = statement(organisation, period, reader=who, at=at)
    except NotBegun as error:
        raise Http404 from error
    name = f"statement-{organisation.code}-{month}.{ending}"
    if ending == "xlsx":
        return as_file(xlsx_of(found), XLSX, name)
    try:
        return as_file(pdf_of(found), "application/pdf", name)
    except FontMissing as error:
        log.error("statement_font_missing", reason=str(error))
        text = _("The PDF cannot be made: its font is missing on the server. The Excel file holds the same.")
        context = {**_about(who, organisation, period, at), **_shown(found), "refusal": text}
        return render(request, "dashboards/statement.html", context, status=UNAVAILABLE)


def _asked(request: HttpRequest, code: str, month: str) -> tuple[User, Organisation, Period]:
    """Whose month. Raises Http404 for what is not there or not the reader's to know."""
    who = reader(request)
    organisation = readable(who).filter(code=code).first()
    if organisation is None:
        raise Http404
    try:
        return who, organisation, parse_month(month)
    except ValueError as error:
        raise Http404 from error


def _frame(who: User) -> dict[str, Any]:
    """The page around it: customers have their own."""
    layout = "layouts/desk.html" if who.reads_figures else "layouts/site.html"
    return {"layout": layout, "nav": "figures" if who.reads_figures else "portal"}


def _about(who: User, organisation: Organisation, month: Period, at: datetime) -> dict[str, Any]:
    following = months_later(month.first, 1)
    return {
        **_frame(who),
        "title": words.title(),
        "organisation": organisation,
        "month": f"{month.first:%Y-%m}",
        "month_name": words.month_name(month),
        "before": f"{months_later(month.first, -1):%Y-%m}",
        "after": f"{following:%Y-%m}" if month_of(following).start_at <= at else "",
    }


def _shown(found: Statement) -> dict[str, Any]:
    return {
        "found": found,
        "state": words.state(found),
        "headlines": words.headlines(found),
        "kept_heading": words.kept_heading(),
        "kept_rows": list(words.kept_rows(found)),
        "misses_title": words.misses_title(found),
        "misses_heading": words.misses_heading(),
        "misses": [(miss, words.miss_row(miss)[1:]) for miss in found.misses],
        "notes": words.notes(),
    }
