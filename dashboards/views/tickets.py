"""The tickets behind a figure."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Category, Module, Product
from common import clock
from common.errors import InvalidInput
from dashboards import naming, wording
from dashboards.asking import Asked
from dashboards.drilldown import FIGURES, NOBODY, Narrowing, NoSuchList, listing, visible_rows
from dashboards.exporting import csv_of
from dashboards.formulae import AGES, WAITS
from dashboards.lines import Line, line_of
from dashboards.tables import Value
from dashboards.views.access import as_file, asked_of, file_name, for_readers_of_figures, reader
from tickets.vocabulary import Status, Tier

CHUNK = 500


@for_readers_of_figures
def figure_tickets(request: HttpRequest, figure: str) -> HttpResponse:
    """The list, a page at a time; an htmx request gets the next lines only."""
    asked, narrowing = _asked(request, figure)
    at = clock.now()
    try:
        found = listing(
            figure, asked.scope, narrowing, reader=reader(request), at=at, cursor=request.GET.get("after", "")
        )
    except NoSuchList as error:
        raise Http404 from error
    given = _given(narrowing)
    context: dict[str, Any] = {
        "lines": [line_of(figure, row, at=at) for row in found.rows],
        "next": asked.query(**given, after=found.next_cursor) if found.next_cursor else "",
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "dashboards/_lines.html", context)
    today = at.astimezone(asked.period.zone).date()
    context |= {
        "nav": "figures",
        "name": naming.figure_name(figure),
        "moment_name": naming.moment_name(figure),
        "days": wording.days(asked.period, today=today),
        "asked": asked,
        "found": found,
        "parts": _parts(asked, figure, given),
        "chips": _chips(asked, figure, given),
        "back": f"{reverse('figures')}?{asked.query()}",
        "csv": f"{reverse('figure-tickets-csv', args=[figure])}?{asked.query(**given)}",
    }
    return render(request, "dashboards/tickets.html", context)


@for_readers_of_figures
def figure_tickets_csv(request: HttpRequest, figure: str) -> HttpResponse:
    """The whole list, as far as the reader may see it, as CSV."""
    asked, narrowing = _asked(request, figure)
    at = clock.now()
    try:
        rows = visible_rows(figure, asked.scope, narrowing, reader=reader(request), at=at)
    except NoSuchList as error:
        raise Http404 from error
    lines = (line_of(figure, row, at=at) for row in rows.iterator(chunk_size=CHUNK))
    text = csv_of([_heading(figure), *map(_cells, lines)])
    return as_file(text, "text/csv; charset=utf-8", file_name(asked, f"{figure}-tickets", "csv"))


def _asked(request: HttpRequest, figure: str) -> tuple[Asked, Narrowing]:
    """Lists are linked from the page: an address that asks for nonsense is no page of ours."""
    if figure not in FIGURES:
        raise Http404
    names = Narrowing.__dataclass_fields__
    given = {name: request.GET[name] for name in names if request.GET.get(name)}
    try:
        return asked_of(request), Narrowing(**given)
    except InvalidInput as error:
        raise Http404 from error


def _given(narrowing: Narrowing) -> dict[str, str]:
    return {name: value for name, value in asdict(narrowing).items() if value}


def _parts(asked: Asked, figure: str, given: dict[str, str]) -> list[dict[str, Any]]:
    """The parts of a figure as tabs; one that has none shows none."""
    parts = FIGURES[figure].parts
    if len(parts) == 1:
        return []
    return [
        {
            "name": naming.part_name(part),
            "query": asked.query(**{**given, "part": part}),
            "chosen": part == given["part"],
        }
        for part in parts
    ]


def _chips(asked: Asked, figure: str, given: dict[str, str]) -> list[dict[str, str]]:
    """What narrows the list beside its part, each with the address without it."""
    chips = []
    for name, text in given.items():
        if name == "part":
            continue
        rest = {key: value for key, value in given.items() if key != name}
        chips.append({"name": _chip(name, text), "query": asked.query(**rest)})
    return chips


def _chip(name: str, text: str) -> str:
    if name == "tier":
        return str(Tier(text).label)
    if name in {"age", "wait"}:
        return next(wording.bin_name(one) for one in (AGES if name == "age" else WAITS) if one.code == text)
    if text == NOBODY:
        return _("nobody") if name == "person" else _("not said")
    if name == "person":
        return str(User.objects.filter(pk=int(text)).first() or text)
    model = {"module": Module, "category": Category, "about": Product}[name]
    return str(model._default_manager.filter(code=text).first() or text)


def _heading(figure: str) -> list[Value]:
    return [
        _("Number"), _("Subject"), _("Organisation"), _("Product"), _("Module"), _("Category"), _("Tier"),
        _("Status"), _("Team"), _("Assignee"), naming.moment_name(figure), naming.figure_name(figure),
        _("Customer's words"),
    ]  # fmt: skip


def _cells(line: Line) -> list[Value]:
    ticket = line.ticket
    named = (ticket.organisation, ticket.product, ticket.module, ticket.category)
    return [
        ticket.number,
        ticket.subject,
        *(str(thing) if thing else None for thing in named),
        # Django's own get_tier_display hashes every choice anew: half the time of a long export.
        str(Tier(ticket.tier).label),
        str(Status(ticket.status).label),
        str(ticket.team) if ticket.team else None,
        ticket.assignee.name if ticket.assignee else None,
        _local(line.moment),
        line.said,
        line.quote,
    ]


def _local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
