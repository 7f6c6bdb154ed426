"""The figures page and its exports."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Team
from catalog.models import Product
from common import clock
from common.errors import InvalidInput
from dashboards import blocks, cards, charts, wording
from dashboards.asking import Asked
from dashboards.breakdowns import latest_filing
from dashboards.definitions import definitions
from dashboards.exporting import csv_of, rows_of, xlsx_of
from dashboards.facts import Facts, gather
from dashboards.finding import statements
from dashboards.periods import DAY, Period, Preset
from dashboards.sentences import clauses
from dashboards.views.access import as_file, asked_of, file_name, for_readers_of_figures
from sla.vocabulary import Metric

TEMPLATE = "dashboards/figures.html"
YEAR = 365 * DAY
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_readers_of_figures
def figures(request: HttpRequest) -> HttpResponse:
    """The finding, the headline figures, charts and tables of a period, a team and a product."""
    try:
        asked = asked_of(request)
    except InvalidInput as error:
        return render(request, TEMPLATE, _picker(request, None, errors=error.fields), status=422)
    facts = gather(asked, at=clock.now())
    said = statements(facts.now, facts.before, list(facts.attainment.values()))
    context = {
        **_picker(request, asked),
        "finding": clauses(said, facts.period.step),
        "rows": cards.rows(facts),
        "charts": charts.charts(facts),
        "modules": charts.modules_chart(facts),
        "volumes": [blocks.products(facts), blocks.categories(facts)],
        "promises": blocks.promises(facts),
        "pains": blocks.pains(facts),
        "engineers": blocks.engineers(facts),
        "definitions": definitions(facts.period.zone.key),
        "elsewhere": _elsewhere(facts),
    }
    return render(request, TEMPLATE, context)


def _picker(request: HttpRequest, asked: Asked | None, **more: Any) -> dict[str, Any]:
    """What the form at the top shows: the choices, what is chosen, what was typed and is wrong."""
    presets = [
        {
            "name": wording.preset_name(preset),
            "query": asked.named_query(preset) if asked else f"period={preset.value}",
            "chosen": asked is not None and asked.compared.preset == preset,
        }
        for preset in Preset
    ]
    return {
        "nav": "figures",
        "asked": asked,
        "presets": presets,
        "days": wording.days(asked.period, today=clock.now().astimezone(asked.period.zone).date())
        if asked
        else "",
        "query": asked.query() if asked else "",
        "teams": Team.objects.all(),
        "products": Product.objects.all(),
        "typed": request.GET.dict(),
        **more,
    }


def _elsewhere(facts: Facts) -> dict[str, str] | None:
    """Where there are figures when there are none here: the year up to the ticket filed last."""
    now = facts.now
    if now.opened or now.resolved or any(now.attainment(metric).n for metric in Metric.values):
        return None
    latest = latest_filing()
    if latest is None:
        return None
    end = latest.created_at.astimezone(facts.period.zone).date() + DAY
    year = Period(end - YEAR, end, facts.period.zone)
    return {"day": wording.day(year.last, year=True), "query": facts.asked.query(year)}


@for_readers_of_figures
def table_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One table of the page as CSV."""
    if table not in blocks.TABLES:
        raise Http404
    facts = _facts(request)
    rows = rows_of(blocks.TABLES[table](facts))
    return as_file(csv_of(rows), "text/csv; charset=utf-8", file_name(facts.asked, table, "csv"))


@for_readers_of_figures
def workbook(request: HttpRequest) -> HttpResponse:
    """Every table of the page as a workbook."""
    facts = _facts(request)
    book = xlsx_of([build(facts) for build in blocks.TABLES.values()])
    return as_file(book, XLSX, file_name(facts.asked, "figures", "xlsx"))


def _facts(request: HttpRequest) -> Facts:
    """Exports are linked from the page: an address that asks for nonsense is no page of ours."""
    try:
        return gather(asked_of(request), at=clock.now())
    except InvalidInput as error:
        raise Http404 from error
