"""Taking a CSV file apart, packed or not, line by line: a broken line costs itself and no other."""

import csv
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

XZ_MAGIC = b"\xfd7zXZ\x00"
# Longer lines than this are no rows of ours.
MAX_LINE = 65_536


class UnreadableFile(Exception):
    """The file as a whole cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A line that cannot be taken, and why."""

    line: int
    reason: str


def read_rows(path: Path, *, columns: frozenset[str]) -> Iterator[Row | BrokenRow]:
    """Every line below the header, as a row with `columns`, or as broken.

    Raises UnreadableFile when the file cannot be opened, ends before its end or lacks a column.
    """
    try:
        with _opened(path) as lines:
            yield from _rows(lines, columns)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise UnreadableFile(f"{path} cannot be read to its end: {error}") from error


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as head:
        packed = head.read(len(XZ_MAGIC)) == XZ_MAGIC
    return lzma.open(path, "rb") if packed else path.open("rb")


def _rows(lines: IO[bytes], columns: frozenset[str]) -> Iterator[Row | BrokenRow]:
    header = _cells(lines.readline().removeprefix(b"\xef\xbb\xbf")) or []
    missing = sorted(columns - set(header)) if isinstance(header, list) else sorted(columns)
    if missing:
        raise UnreadableFile(f"The first line lacks the columns {', '.join(missing)}.")
    for line, raw in enumerate(lines, start=2):
        if not raw.strip():
            continue
        cells = _cells(raw)
        if isinstance(cells, str):
            yield BrokenRow(line, cells)
        elif len(cells) != len(header):
            yield BrokenRow(line, f"{len(cells)} columns instead of {len(header)}")
        else:
            named = dict(zip(header, cells, strict=True))
            yield Row(line, {column: named[column].strip() for column in columns})


def _cells(raw: bytes) -> list[str] | str:
    """The cells of a line, or what is wrong with it."""
    if len(raw) > MAX_LINE:
        return "the line is too long"
    if b"\0" in raw:
        return "the line holds a NUL byte"
    try:
        return next(csv.reader([raw.decode("utf-8").rstrip("\r\n")], strict=True), [])
    except UnicodeDecodeError:
        return "the line is no UTF-8"
    except csv.Error as error:
        return f"the line is no CSV: {error}"
