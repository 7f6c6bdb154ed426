"""Tables as files."""

import csv
import io

from openpyxl import load_workbook

from dashboards.exporting import csv_of, rows_of, xlsx_of
from dashboards.tables import Cell, Column, Table

TABLE = Table(
    "t",
    "By product: a/b",
    [Column("Name", numeric=False), Column("n"), Column("Share")],
    [
        [Cell("=HYPERLINK(1)"), Cell("1,234", 1234), Cell("50.0%", 0.5)],
        [Cell("+86"), Cell("−3", -3), Cell("–")],
        [Cell("@me"), Cell("0", 0), Cell("only 3", None, note="x")],
        [Cell("-dash"), Cell(""), Cell("中文，好")],
    ],
)


def test_a_spreadsheet_gets_numbers_not_their_words():
    assert rows_of(TABLE)[1][1:] == [1234, 0.5]
    assert rows_of(TABLE)[2][2] is None


def test_csv_begins_with_the_mark_by_which_spreadsheets_know_utf_8():
    assert csv_of([["x"]]).encode("utf-8").startswith(b"\xef\xbb\xbf")


def test_what_looks_like_a_formula_is_none():
    read = list(csv.reader(io.StringIO(csv_of(rows_of(TABLE)).removeprefix("\ufeff"))))
    assert [row[0] for row in read[1:]] == ["'=HYPERLINK(1)", "'+86", "'@me", "'-dash"]
    assert read[2][1] == "-3"


def test_a_workbook_has_a_sheet_for_each_table_with_numbers_as_numbers():
    book = load_workbook(io.BytesIO(xlsx_of([TABLE])))
    sheet = book["By product  a b"]
    assert [cell.value for cell in sheet[2]] == ["=HYPERLINK(1)", 1234, 0.5]
    assert all(cell.data_type != "f" for row in sheet for cell in row)
