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

Value = str | int | float | datetime | None
# A cell that begins so is a formula to a spreadsheet; what people typed must not become one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What XML cannot hold, and the line ends that a cell shows as garbage.
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
LONGEST_CELL = 32_767


def plain(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: text that looks like one gets an apostrophe before it."""
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


def workbook(title: str, rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """A workbook of one sheet, the first row its heading, as an open file read from its start. Instants are naive."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        cells = [_cell(value) for value in row]
        sheet.append([_bold(sheet, value) for value in cells] if number == 0 else cells)
    file = TemporaryFile()  # noqa: SIM115 (whoever asked for it closes it)
    book.save(file)
    file.seek(0)
    return file


def _cell(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    text: str = plain(value.translate(_UNPRINTABLE))
    return text[:LONGEST_CELL]


def _bold(sheet: Any, value: Value) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.font = Font(bold=True)
    return cell
