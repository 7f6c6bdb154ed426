"""Tables as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from common.sheets import keep_as_text, plain
from dashboards.tables import Table, Value

_SHEET_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_WIDEST = 60


def rows_of(table: Table) -> list[list[Value]]:
    """Headings first, then the rows."""
    return [
        [column.title for column in table.columns],
        *([cell.exported for cell in row] for row in table.rows),
    ]


def csv_of(rows: Iterable[Sequence[Value]]) -> str:
    """CSV with a byte order mark, by which spreadsheets know UTF-8."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerows([plain(value) for value in row] for row in rows)
    return text.getvalue()


def xlsx_of(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        title = table.title.translate(_FORBIDDEN).strip()[:_SHEET_NAME] or table.code
        sheet = book.create_sheet(title)
        for row in rows_of(table):
            sheet.append(row)
        for cell in chain.from_iterable(sheet):
            keep_as_text(cell)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for index, _column in enumerate(table.columns, start=1):
            longest = max(len(str(cell.value or "")) for cell in sheet[get_column_letter(index)])
            sheet.column_dimensions[get_column_letter(index)].width = min(longest * 1.4 + 4, _WIDEST)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
