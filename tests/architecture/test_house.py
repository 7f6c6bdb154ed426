"""What the house forbids, looked for in the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
OURS = [
    "accounts", "api", "catalog", "common", "config", "dashboards", "demo", "devtools", "imports", "knowledgebase",
    "notifications", "sla", "surveys", "tickets",
]  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 400, 40


def python_files() -> Iterator[Path]:
    """Our own modules, migrations aside."""
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def templates() -> Iterator[Path]:
    """Every page and part of a page; letters are no pages."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "emails" not in path.parts:
            yield path


def named(path: Path) -> str:
    """The file as it is spoken of."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_file_is_long():
    assert [named(path) for path in python_files() if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_no_function_is_long():
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION and not _is_one_long_call(node):
                    long.append(f"{named(path)}:{node.lineno} {node.name} {length}")
    assert long == []


def _is_one_long_call(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A function that only builds one object, a field a line, is plain however many fields it has."""
    body = [
        part
        for part in node.body
        if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
    ]
    return len(body) == 1


def test_every_public_thing_has_a_docstring():
    bare = []
    for path in python_files():
        tree = ast.parse(path.read_text())
        if path.read_text().strip() and not ast.get_docstring(tree):
            bare.append(named(path))
        bare += [
            f"{named(path)}:{node.lineno} {node.name}"
            for node in _public(tree)
            if not ast.get_docstring(node)
        ]
    assert bare == []


def _public(parent: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes of a module and methods of its classes, Django's inner Meta aside."""
    for node in parent.body:
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and node.name != "Meta"
        ):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_a_status_is_written_by_the_transition_alone():
    """Whoever opens a ticket or brings its past from elsewhere gives it its first; nobody else names one."""
    may = {"tickets/services/transition.py"}
    writes = re.compile(r"\bticket\.status = |Ticket\.objects[^\n]*\.update\([^)]*\bstatus=")
    found = {named(path) for path in python_files() if writes.search(path.read_text())}
    assert found <= may


def test_only_one_place_asks_what_time_it_is():
    asks = re.compile(r"timezone\.now\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(")
    found = {named(path) for path in python_files() if asks.search(path.read_text())}
    assert found <= {"common/clock.py"}


def test_pages_carry_no_inline_script_style_or_handler():
    forbidden = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=\"|\son[a-z]+=\"|hx-on|javascript:"
    )
    assert [named(path) for path in templates() if forbidden.search(path.read_text())] == []


def test_lock_files_name_no_host():
    for name in (
        "requirements.txt",
        "requirements-local.txt",
        "requirements-dev.txt",
        "requirements-node.txt",
        "package-lock.json",
    ):
        assert re.findall(r"https?://|--index-url|resolved", (ROOT / name).read_text()) == [], name
