"""A statement as a workbook: what was kept, and what was not."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from common.sheets import MINUTES, keep_as_text
from dashboards import statement_words as words
from dashboards.formulae import Attainment
from dashboards.statement import ZONE, Miss, Statement
from sla.vocabulary import Metric
from tickets.vocabulary import Tier

HOUR = timedelta(hours=1)
Cell = str | int | float | datetime | None


def xlsx_of(statement: Statement) -> bytes:
    """The workbook, in the active language; lengths in hours, moments in Shanghai's time."""
    book = Workbook()
    book.remove(book.worksheets[0])
    kept = book.create_sheet(_("Promises"))
    for text in (words.title(), statement.organisation.label, words.month_name(statement.month)):
        _append(kept, [text], bold=True)
    _append(kept, [words.state(statement)])
    _append(kept, [])
    _append(kept, words.kept_heading(), bold=True)
    for row in statement.kept:
        _append(kept, [str(Metric(row.metric).label), str(Tier(row.tier).label), *_numbers(row.attainment)])
    _append(kept, [_("All"), "", *_numbers(statement.total)], bold=True)
    missed = book.create_sheet(_("Missed"))
    _append(missed, _missed_heading(), bold=True)
    for miss in statement.misses:
        _append(missed, _missed(miss), number="0.00")
    missed.freeze_panes = "A2"
    for sheet, widths in (
        (kept, (30, 14, 12, 10, 10, 12)),
        (missed, (12, 44, 26, 18, 18, 12, 12, 12, 12, 12)),
    ):
        _set_widths(sheet, widths)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _append(sheet: Worksheet, values: Sequence[Cell], *, bold: bool = False, number: str = "0.0%") -> None:
    sheet.append(list(values))
    row = sheet.max_row
    for cell in sheet[row] if values else ():
        cell.font = Font(bold=bold)
        keep_as_text(cell)
        if isinstance(cell.value, datetime):
            cell.number_format = MINUTES
        elif isinstance(cell.value, float):
            cell.number_format = number


def _set_widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width


def _numbers(attainment: Attainment) -> list[Cell]:
    return [attainment.n, attainment.met, attainment.breached, attainment.value]


def _missed_heading() -> list[str]:
    ticket, promise, due, done, *lengths = words.misses_heading()
    in_hours = [_("%(what)s (h)") % {"what": length} for length in lengths]
    return [ticket, _("Subject"), promise, due, done, *in_hours]


def _missed(miss: Miss) -> list[Cell]:
    split = miss.split
    lengths = (miss.late, split.ours, split.vendor, split.customer, split.off)
    return [
        miss.number,
        miss.subject,
        words.promise(miss),
        _local(miss.due_at),
        _local(miss.ended_at),
        *(length / HOUR for length in lengths),
    ]


def _local(at: datetime | None) -> datetime | None:
    """Spreadsheets know no zones."""
    return at.astimezone(ZONE).replace(tzinfo=None) if at else None
