"""A table as a value: shown on the page, exported as it stands."""

from dataclasses import dataclass, field

Value = str | int | float | None


@dataclass(frozen=True)
class Whisker:
    """A share with its 95 % interval and everybody's share, in per cent."""

    value: float
    low: float
    high: float
    everybody: float

    @property
    def drawn(self) -> dict[str, str]:
        """Where its marks stand on an axis of 200 units, whose ends leave room for the dot."""
        marks = {"value": self.value, "low": self.low, "high": self.high, "everybody": self.everybody}
        return {name: f"{4 + 1.92 * mark:.1f}" for name, mark in marks.items()}


@dataclass(frozen=True)
class Cell:
    """One cell: what is read, what is exported (the text itself unless given), where a click leads.

    `bar` is a bar's length in per cent, `whisker` an interval drawn beside the text, `note` small print.
    """

    text: str
    value: Value = None
    href: str = ""
    note: str = ""
    bar: float | None = None
    whisker: Whisker | None = None

    @property
    def exported(self) -> Value:
        """What a spreadsheet gets: a number where there is one, never a dash for nothing."""
        if self.value is not None:
            return self.value
        return None if self.text in {"", "–"} else self.text


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers stand at the right."""

    title: str
    numeric: bool = True


@dataclass(frozen=True)
class Table:
    """Headings and rows; the first cell of a row is its heading. `code` is its name in addresses.

    A page shows the first `shown` rows; an export has them all.
    """

    code: str
    title: str
    columns: list[Column]
    rows: list[list[Cell]] = field(default_factory=list)
    note: str = ""
    shown: int = 100

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        """The rows a page shows, each cell with its column."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows[: self.shown]]

    @property
    def more(self) -> int:
        """How many rows only an export has."""
        return max(0, len(self.rows) - self.shown)
