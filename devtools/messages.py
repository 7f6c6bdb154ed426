"""The message catalogue: what the source says in English, and its Chinese.

`python -m devtools.messages update` brings the catalogue in line with the source, `check` tells what is missing,
`compile` makes the file Django reads. All of it in Python: a bare machine has no GNU gettext.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message, TranslationError
from babel.messages.checkers import checkers
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Tests and tools speak to developers, in English alone.
NOT_FOR_PEOPLE = {"tests", "bench", "devtools", "node_modules", "var", ".venv", "migrations"}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# The calls in what Django makes of a template; everything else in there is filler.
_CALL = re.compile(
    r"""\b(?:n?p?gettext|_)\((?:u?"(?:\\.|[^"\\])*"|u?'(?:\\.|[^'\\])*'|[,\s]|count)*\)""", re.DOTALL
)


def from_source() -> Catalog:
    """Every string of the source that is marked for translation, with the files it stands in."""
    found = Catalog(project="LedgerDesk", fuzzy=False)
    for path in sorted(_files("*.py")):
        _add(found, path, path.read_bytes())
    for pattern in ("*.html", "*.txt"):
        for path in sorted(_files(pattern, below=ROOT / "templates")):
            calls = _CALL.findall(templatize(path.read_text("utf-8"), origin=str(path)))
            _add(found, path, "\n".join(calls).encode())
    return found


def _files(pattern: str, *, below: Path = ROOT) -> Iterator[Path]:
    for path in below.rglob(pattern):
        if not NOT_FOR_PEOPLE & set(path.relative_to(ROOT).parts):
            yield path


def _add(catalogue: Catalog, path: Path, source: bytes) -> None:
    options = {"encoding": "utf-8"}
    name = path.relative_to(ROOT).as_posix()
    for _line, text, _comments, context in extract("python", io.BytesIO(source), KEYWORDS, options=options):
        if text:
            catalogue.add(text, locations=[(name, 1)], context=context)


def stored() -> Catalog:
    """The Chinese catalogue as it stands; an empty one before there is any."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans", project="LedgerDesk", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def update() -> None:
    """Add what is new, drop what is gone, keep every translation; sorted, so that differences are small."""
    catalogue = stored()
    catalogue.update(from_source(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    save(catalogue)


def save(catalogue: Catalog) -> None:
    """Write the catalogue without dates and line numbers: only words make a difference."""
    text = io.BytesIO()
    write_po(text, catalogue, width=0, sort_output=True, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Language: zh_Hans\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(header + text.getvalue().decode("utf-8"), encoding="utf-8")


def problems() -> list[str]:
    """What keeps the catalogue from being complete and right: one line each, empty when all is well."""
    catalogue, source = stored(), from_source()
    found = [f"not in the catalogue: {_name(message)}" for message in source if not _held(catalogue, message)]
    for message in catalogue:
        if not message.id:
            continue
        if not _held(source, message):
            found.append(f"no longer in the source: {_name(message)}")
        if message.fuzzy or not all(_strings(message)):
            found.append(f"without Chinese: {_name(message)}")
        found += [f"{error}: {_name(message)}" for error in _format_errors(catalogue, message)]
    return found


def _held(catalogue: Catalog, message: Message) -> bool:
    return not message.id or catalogue.get(message.id, message.context) is not None


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def _name(message: Message) -> str:
    return repr(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def _format_errors(catalogue: Catalog, message: Message) -> Iterator[str]:
    if not all(_strings(message)):
        return
    for checker in checkers:
        try:
            checker(catalogue, message)
        except TranslationError as error:
            yield str(error)


def compile_catalogues() -> None:
    """Make the file Django reads, if the catalogue is newer than it."""
    compiled = CATALOGUE.with_suffix(".mo")
    if not CATALOGUE.exists() or (
        compiled.exists() and compiled.stat().st_mtime >= CATALOGUE.stat().st_mtime
    ):
        return
    fresh = compiled.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, stored())
    fresh.replace(compiled)


def main() -> None:
    """`update`, `check` or `compile`."""
    settings.configure(USE_I18N=True)
    step = sys.argv[1] if len(sys.argv) > 1 else ""
    if step == "update":
        update()
    elif step == "compile":
        compile_catalogues()
    elif step != "check":
        sys.exit("Say update, check or compile.")
    found = problems() if step == "check" else []
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
