"""A statement as a PDF one can send to a customer: A4, with the letters it uses embedded."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from common.models import reads_chinese
from dashboards import statement_words as words
from dashboards.statement import Statement

FONTS = Path(settings.BASE_DIR) / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
FAMILY = "NotoSansSC"
STYLES = {"": "400Regular/NotoSansSC_400Regular.ttf", "B": "700Bold/NotoSansSC_700Bold.ttf"}
# Millimetres of A4, and points.
MARGIN, WIDTH = 16.0, 210.0 - 2 * 16.0
INK, GREY, LINE, ACCENT, FILL, RED = (
    (24, 32, 30), (100, 112, 108), (206, 214, 211), (13, 107, 90), (238, 245, 243), (176, 38, 30),
)  # fmt: skip
NOTES_HEIGHT, NUMBER_WIDTH = 22.0, 24.0
MISS_WIDTHS = (32, 20, 17, 17, 21, 21, 16, 16, 18)


class FontMissing(Exception):
    """The font is not where the front-end packages put it: `npm ci` brings it."""


def pdf_of(statement: Statement) -> bytes:
    """The document, in the active language. Raises FontMissing."""
    document = _Document(statement)
    document.write()
    return bytes(document.output())


class _Document(FPDF):
    """The pages, drawn from top to bottom."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(format="A4")
        self.statement = statement
        for style, file in STYLES.items():
            if not (FONTS / file).is_file():
                raise FontMissing(f"{FONTS / file} is missing: run npm ci")
            self.add_font(FAMILY, style, FONTS / file)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=18)
        self.c_margin = 0
        self.set_title(
            f"{words.title()} · {statement.organisation.label} · {words.month_name(statement.month)}"
        )
        self.set_creator(_("LedgerDesk"))
        self.set_creation_date(statement.at)
        self.set_lang("zh-CN" if reads_chinese() else (get_language() or "en"))

    def footer(self) -> None:
        """Whose month it is, and the number of the page."""
        self.set_y(-14)
        self._ink(8, GREY)
        month = words.month_name(self.statement.month)
        name = self.statement.organisation.label
        while self.get_string_width(f"{name}… · {month}") > WIDTH - NUMBER_WIDTH:
            name = name[:-1]
        if name != self.statement.organisation.label:
            name += "…"
        self.cell(WIDTH - NUMBER_WIDTH, 6, f"{name} · {month}")
        self.cell(NUMBER_WIDTH, 6, f"{self.page_no()} / {{nb}}", align=Align.R)

    def write(self) -> None:  # type: ignore[override]
        """All of it."""
        self.add_page()
        self._head()
        self._headlines()
        self._kept()
        self._misses()
        self._notes()

    def _ink(self, size: float, colour: tuple[int, int, int] = INK, style: str = "") -> None:
        self.set_font(FAMILY, style, size)
        self.set_text_color(*colour)

    def _line(self, text: str, height: float) -> None:
        self.multi_cell(WIDTH, height, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _head(self) -> None:
        self.set_fill_color(*ACCENT)
        self.rect(MARGIN, MARGIN, 12, 1.2, style="F")
        self.set_y(MARGIN + 4)
        self._ink(9, GREY)
        self.cell(WIDTH / 2, 5, _("LedgerDesk"))
        self.cell(
            WIDTH / 2, 5, words.state(self.statement), align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.ln(3)
        self._ink(20, style="B")
        self._line(words.title(), 10)
        self._ink(12, GREY)
        self._line(f"{self.statement.organisation.label} · {words.month_name(self.statement.month)}", 7)
        self.ln(5)

    def _headlines(self) -> None:
        shown = words.headlines(self.statement)
        width, top = WIDTH / len(shown), self.get_y()
        self.set_fill_color(*FILL)
        self.rect(MARGIN, top, WIDTH, 25, style="F", round_corners=True, corner_radius=2)
        for number, headline in enumerate(shown):
            left = MARGIN + number * width + 4
            for y, size, height, style, colour, text in (
                (3, 8, 4, "", GREY, headline.name),
                (8, 17, 9, "B", ACCENT if number == 0 else INK, headline.value),
                (18, 8, 4, "", GREY, headline.note),
            ):
                self.set_xy(left, top + y)
                self._ink(size, colour, style)
                self.cell(width - 4, height, text)
        self.set_xy(MARGIN, top + 31)

    def _heading(self, text: str) -> None:
        self._ink(12, style="B")
        self._line(text, 8)
        self.ln(1)

    def _table(
        self,
        heading: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        texts: int,
        sums: bool = False,
        size: float,
    ) -> None:
        """A table whose first `texts` columns are words and the others numbers; with `sums`, the last row is."""
        self._ink(size)
        self.set_draw_color(*LINE)
        self.set_fill_color(255)
        with self.table(
            col_widths=widths,
            text_align=[Align.L if place < texts else Align.R for place in range(len(heading))],
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="B", color=GREY, size_pt=size - 0.5),
            line_height=size * 0.55,
            padding=(1, 1),
            width=WIDTH,
        ) as table:
            for number, row in enumerate((heading, *rows)):
                is_sum = sums and number == len(rows)
                line = table.row(style=FontFace(emphasis="B") if is_sum else None)
                for cell in row:
                    line.cell(cell)
        self.ln(7)

    def _kept(self) -> None:
        rows = list(words.kept_rows(self.statement))
        if rows:
            self._heading(_("What was promised, and kept"))
            self._table(words.kept_heading(), rows, (46, 32, 24, 24, 24, 28), texts=2, sums=True, size=9)

    def _misses(self) -> None:
        self._heading(words.misses_title(self.statement))
        if self.statement.misses:
            rows = [_with_subject(words.miss_row(miss), miss.subject) for miss in self.statement.misses]
            self._table(words.misses_heading(), rows, MISS_WIDTHS, texts=4, size=7.5)

    def _notes(self) -> None:
        self._ink(8, GREY)
        if self.will_page_break(NOTES_HEIGHT):
            self.add_page()
        for note in words.notes():
            self._line(note, 4.6)
            self.ln(0.8)


def _with_subject(row: list[str], subject: str) -> list[str]:
    return [f"{row[0]}\n{subject}" if subject else row[0], *row[1:]]
