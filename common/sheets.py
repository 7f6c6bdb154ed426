"""Rows for a spreadsheet: nothing in them is taken for a formula, and Chinese opens right."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Value = str | int | float | datetime | None
# A cell that begins so is a formula to a spreadsheet; what people typed must not become one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What XML cannot hold, and the line ends that a cell shows as garbage.
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
LONGEST_CELL = 32_767
MINUTES = "yyyy-mm-dd hh:mm"


def plain(value: Any) -> Any:
    """A value of a CSV that no spreadsheet takes for a formula: text like one gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_lines(rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """CSV piece by piece, after a byte order mark, by which spreadsheets know UTF-8. Instants to the minute."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"
    for row in rows:
        writer.writerow([_text(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _text(value: Value) -> Any:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else plain(value)


def keep_as_text(cell: Any) -> None:
    """Have a workbook's cell show what people typed as they typed it, though it begins like a formula.

    Excel's own mark for that (the quote prefix) is seen nowhere and outlives editing; text in a CSV needs `plain`.
    """
    if isinstance(cell.value, str) and cell.value.startswith(_FORMULA):
        cell.data_type = "s"
        cell.quotePrefix = True


def workbook(title: str, rows: Iterable[Sequence[Value]], *, widths: Sequence[int] = ()) -> IO[bytes]:
    """A workbook of one sheet, the first row its heading, as an open file read from its start.

    Instants are naive. `widths` of the columns in characters.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows):
        made = _bold if number == 0 else _cell
        sheet.append([made(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 (whoever asked for it closes it)
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, value: Value) -> Any:
    """What is appended: a cell of its own only where a value alone would not do."""
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = MINUTES
        return cell
    if not isinstance(value, str):
        return value
    text = value.translate(_UNPRINTABLE)[:LONGEST_CELL]
    if not text.startswith(_FORMULA):
        return text
    cell = WriteOnlyCell(sheet, text)
    keep_as_text(cell)
    return cell


def _bold(sheet: Any, value: Value) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.font = Font(bold=True)
    return cell
