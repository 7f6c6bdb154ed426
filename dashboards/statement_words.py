"""A statement's words and numbers, the same on the screen, in the PDF and in the workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.models import reads_chinese
from common.templatetags.desk import duration
from dashboards.formulae import Attainment
from dashboards.periods import Period
from dashboards.statement import ZONE, Miss, Statement
from dashboards.wording import NOTHING, share
from sla.telling import hours
from sla.vocabulary import Metric
from tickets.vocabulary import Tier


@dataclass(frozen=True)
class Headline:
    """A number at the top: its name, its value and what it is made of."""

    name: str
    value: str
    note: str


def title() -> str:
    """What the document is."""
    return _("Monthly statement of service")


def month_name(month: Period) -> str:
    """2026年11月, November 2026."""
    first = month.first
    return f"{first.year}年{first.month}月" if reads_chinese() else date_format(first, "F Y")


def state(statement: Statement) -> str:
    """Whether the month is over, and as of when this is said."""
    said = {"when": instant(statement.at)}
    if statement.is_final:
        return _("As of %(when)s") % said
    return _("The month is not over: as of %(when)s") % said


def instant(at: datetime | None) -> str:
    """A day and a time that mean the same wherever the document is read; they are Shanghai's."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at else ""


def headlines(statement: Statement) -> list[Headline]:
    """All promises in one number, then each metric's, then how much there was."""
    return [
        Headline(_("Promises kept"), share(statement.total.value), counts(statement.total)),
        *(
            Headline(
                str(Metric(metric).label), share(statement.of(metric).value), counts(statement.of(metric))
            )
            for metric in Metric.values
            if statement.of(metric).n
        ),
        Headline(
            _("Tickets filed"), str(statement.filed), _("%(count)d resolved") % {"count": statement.resolved}
        ),
    ]


def counts(attainment: Attainment) -> str:
    """How many of how many."""
    if not attainment.n:
        return _("nothing fell due")
    return _("%(met)d of %(n)d") % {"met": attainment.met, "n": attainment.n}


def kept_heading() -> list[str]:
    """The columns of `kept_rows`."""
    return [_("Promise"), _("Tier"), _("Fell due"), _("Kept"), _("Broken"), _("Attainment")]


def kept_rows(statement: Statement) -> Iterator[list[str]]:
    """A row for each metric and tier, with all of them at the end."""
    for row in statement.kept:
        yield [str(Metric(row.metric).label), str(Tier(row.tier).label), *_numbers(row.attainment)]
    if statement.kept:
        yield [_("All"), "", *_numbers(statement.total)]


def _numbers(attainment: Attainment) -> list[str]:
    return [str(attainment.n), str(attainment.met), str(attainment.breached), share(attainment.value)]


def misses_title(statement: Statement) -> str:
    """How many promises were not kept."""
    count = len(statement.misses)
    if not count:
        return _("Every promise was kept.") if statement.total.n else _("Nothing fell due in this month.")
    return ngettext("%(count)d promise was not kept", "%(count)d promises were not kept", count) % {
        "count": count
    }


def misses_heading() -> list[str]:
    """The columns of `miss_row`."""
    return [
        _("Ticket"), _("Promise"), _("Due"), _("Done on"), _("Late by"), _("Ours"), _("Vendor"), _("Customer"),
        _("Off hours"),
    ]  # fmt: skip


def miss_row(miss: Miss) -> list[str]:
    """The cells of a missed promise; the ticket is its number alone."""
    parts = (miss.split.ours, miss.split.vendor, miss.split.customer)
    return [
        miss.number,
        promise(miss),
        instant(miss.due_at),
        instant(miss.ended_at) or _("still owed"),
        duration(miss.late),
        *(hours(part) if part else NOTHING for part in parts),
        duration(miss.split.off) if miss.split.off else NOTHING,
    ]


def promise(miss: Miss) -> str:
    """Which promise, of which tier."""
    said = {"metric": Metric(miss.metric).label, "tier": Tier(miss.tier).label}
    return _("%(metric)s (%(tier)s)") % said


def notes() -> list[str]:
    """How it is counted."""
    return [
        _(
            "A promise counts in the month in which it was done or fell due, whichever came first (Beijing time)."
        ),
        _("Attainment = kept / (kept + broken). Cancelled and merged tickets are not counted."),
        _(
            "The time of a missed promise is split into ours, the software vendor's, the customer's, and hours "
            "outside the agreed working time; together they are the time from its start to its end."
        ),
    ]
