"""What the READMEs promise a person who sets the desk up: every variable, every address, every picture."""

import ast
import re
import subprocess

import pytest

from devtools.place import ROOT

READMES = ("README.md", "README.zh.md")
# Set by tools for each other, never by a person.
NOT_FOR_PEOPLE = {
    "PATH", "MAKELEVEL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "TEST_TEMPLATE",
}  # fmt: skip
READERS = {"str", "bool", "int", "list", "path", "float", "get", "getenv"}
SOURCES = ("config", "common", "accounts", "tickets", "sla", "surveys", "notifications", "dashboards", "api",
           "catalog", "knowledgebase", "imports", "demo", "devtools")  # fmt: skip


def read_in(source: str) -> set[str]:
    """The environment variables that a Python source reads."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            holder = ast.unparse(node.func.value)
            reads = node.func.attr in READERS and holder in {"env", "os.environ", "os"}
            key = node.args[0] if reads else None
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            key = node.slice
        else:
            continue
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.add(key.value)
    return found


def variables() -> set[str]:
    """Every variable somebody may set, by source, compose file and proxy."""
    found: set[str] = set()
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*.py"):
            found |= read_in(path.read_text("utf-8"))
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    found |= set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", compose))
    found |= set(re.findall(r"\{\$([A-Z_]+)\}", (ROOT / "deploy" / "Caddyfile").read_text("utf-8")))
    return found - NOT_FOR_PEOPLE


def configuration(name: str) -> str:
    """The part of a README about configuration."""
    text = (ROOT / name).read_text("utf-8")
    return re.split(r"^## ", re.split(r"^## (?:Configuration|配置)$", text, flags=re.M)[1], flags=re.M)[0]


def test_the_reader_of_sources_finds_every_way_a_variable_is_read():
    source = 'env.int("A", 1); os.environ.get("B") or os.environ["C"]; other.get("D"); env.parse("E")'
    assert read_in(source) == {"A", "B", "C"}


@pytest.mark.parametrize("name", READMES)
def test_every_variable_is_explained_and_none_that_is_gone(name):
    rows = re.findall(r"`([A-Z][A-Z_]+)`", configuration(name))
    # Values are written like names: levels of the log, and words of other programs.
    named = set(rows) - {"DEBUG", "INFO", "WARNING"} | {"DEBUG"}
    assert named == variables()


def test_the_example_of_an_environment_file_has_what_the_compose_file_asks_for():
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    given = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), flags=re.M))
    assert given == asked


@pytest.mark.parametrize("name", READMES)
def test_pictures_and_linked_files_are_there_and_small(name):
    text = (ROOT / name).read_text("utf-8")
    linked = {target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target}
    assert linked
    for target in linked:
        assert (ROOT / target).exists(), target
        assert (ROOT / target).is_dir() or (ROOT / target).stat().st_size <= 250 * 1024, target


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_named_exists(name):
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / name).read_text("utf-8"))) - {"any"}
    known = subprocess.run(
        ["make", "-pRrq", "-C", str(ROOT)], capture_output=True, text=True, check=False
    ).stdout
    for target in named:
        assert f"\n{target}:" in known, target
