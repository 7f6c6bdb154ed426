"""Articles as files: Markdown with YAML front matter, read strictly.

---
key: blank-print
title: …
symptom: …
products: []            # codes; none: every product
modules: [platform]     # codes
versions: ""
keywords: [打印空白, …]
visibility: public      # or internal
review: 2027-05-31
---
## 原因                  (English: ## Cause)

In plain words.

## 步骤                  (English: ## Steps)

### 1. What to do

How to do it.

> What is to be seen when it has worked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from accounts.models import Language
from knowledgebase.content import ArticleText, StepText, cleaned
from knowledgebase.models import Visibility

FENCE = "---"
HEADINGS = {Language.CHINESE: ("## 原因", "## 步骤"), Language.ENGLISH: ("## Cause", "## Steps")}
FIELDS: dict[str, tuple[type, str]] = {
    "key": (str, "text"),
    "title": (str, "text"),
    "symptom": (str, "text"),
    "products": (list, "a list of codes"),
    "modules": (list, "a list of codes"),
    "versions": (str, "text (in quotes)"),
    "keywords": (list, "a list of words"),
    "visibility": (str, "public or internal"),
    "review": (date, "a date such as 2027-05-31"),
}
_STEP = re.compile(r"### (\d+)\. (\S.*)")

# Lines of a file with their numbers.
Lines = list[tuple[int, str]]


class BadFile(Exception):
    """A file that is no article: says which, in which line and why."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")


class _Fault(Exception):
    """What is wrong in which line; the path is added where it is known."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class Source:
    """One file: which version of which article it holds, and what it says."""

    path: Path
    key: str
    language: str
    text: ArticleText
    # The line of each field of the front matter, for complaints.
    lines: Mapping[str, int]


def read_folder(root: Path) -> list[Source]:
    """The articles below `root`/zh-hans and `root`/en, by language and name. Raises BadFile for a bad one."""
    return [
        read_file(path, language) for language in HEADINGS for path in sorted((root / language).glob("*.md"))
    ]


def read_file(path: Path, language: Language) -> Source:
    """The article in a file that is named after its key. Raises BadFile."""
    try:
        lines = list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
        return _source(path, language, lines)
    except _Fault as fault:
        raise BadFile(path, fault.line, str(fault)) from None
    except UnicodeDecodeError as error:
        raise BadFile(path, 1, f"not UTF-8: {error.reason}") from None


def _source(path: Path, language: Language, lines: Lines) -> Source:
    front, body = _split(lines)
    at = _lines_of_fields(front)
    fields = _fields(front, at)
    if fields["key"] != path.stem:
        raise _Fault(at["key"], f"the key is {fields['key']}, the file is called {path.name}")
    cause, steps = _sections(body, HEADINGS[language])
    text = ArticleText(
        title=fields["title"],
        symptom=fields["symptom"],
        cause=_joined(cause),
        steps=tuple(_steps(steps)),
        products=tuple(fields["products"]),
        modules=tuple(fields["modules"]),
        versions=fields["versions"],
        keywords=tuple(fields["keywords"]),
        visibility=fields["visibility"],
        review_on=fields["review"],
    )
    return Source(path, fields["key"], language, cleaned(text), at)


def _split(lines: Lines) -> tuple[Lines, Lines]:
    """Front matter and body."""
    fences = [number for number, line in lines if line == FENCE]
    if len(fences) < 2 or fences[0] != 1:
        raise _Fault(1, "an article begins with front matter between two lines of ---")
    return lines[1 : fences[1] - 1], lines[fences[1] :]


def _lines_of_fields(front: Lines) -> dict[str, int]:
    try:
        node = yaml.compose(_joined(front), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _Fault(mark.line + 2 if mark else 1, f"no YAML: {error.problem}") from None
    if not isinstance(node, yaml.MappingNode):
        raise _Fault(2, "the front matter is a list of “name: value”")
    at: dict[str, int] = {}
    for name, _value in node.value:
        line = name.start_mark.line + 2
        if name.value not in FIELDS:
            raise _Fault(line, f"there is no field {name.value}; the fields are {', '.join(FIELDS)}")
        if name.value in at:
            raise _Fault(line, f"{name.value} is given twice")
        at[name.value] = line
    missing = [name for name in FIELDS if name not in at]
    if missing:
        raise _Fault(1, f"{', '.join(missing)} missing")
    return at


def _fields(front: Lines, at: Mapping[str, int]) -> dict[str, Any]:
    try:
        values = yaml.safe_load(_joined(front))
    except ValueError as error:
        raise _Fault(at["review"], f"no date: {error}") from None
    for name, (kind, wanted) in FIELDS.items():
        value = values[name]
        if not isinstance(value, kind) or (
            isinstance(value, list) and not all(isinstance(entry, str) for entry in value)
        ):
            raise _Fault(at[name], f"{name} is {wanted}")
    if values["visibility"] not in Visibility.values:
        raise _Fault(at["visibility"], "visibility is public or internal")
    return values


def _sections(body: Lines, headings: tuple[str, str]) -> tuple[Lines, Lines]:
    """The lines below the heading of the cause, and those below that of the steps."""
    found = [(number, line) for number, line in body if line.startswith("## ")]
    last = body[-1][0] if body else 1
    if [line for _number, line in found] != list(headings):
        raise _Fault(
            found[0][0] if found else last, f"the headings are “{headings[0]}”, then “{headings[1]}”"
        )
    before = [number for number, line in body if line.strip() and number < found[0][0]]
    if before:
        raise _Fault(before[0], f"nothing stands before “{headings[0]}”")
    (first, _cause), (second, _steps_heading) = found
    return [x for x in body if first < x[0] < second], [x for x in body if x[0] > second]


def _steps(lines: Lines) -> Iterator[StepText]:
    starts = [index for index, (_number, line) in enumerate(lines) if line.startswith("#")]
    stray = next((number for number, line in lines[: starts[0] if starts else None] if line.strip()), None)
    if stray or not starts:
        raise _Fault(stray or 1, "steps begin with “### 1. …”")
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True), 1):
        number, heading = lines[start]
        matched = _STEP.fullmatch(heading)
        if matched is None or int(matched[1]) != place:
            raise _Fault(number, f"here begins step {place}: “### {place}. …”")
        yield _step(number, matched[2], lines[start + 1 : end])


def _step(at: int, title: str, lines: Lines) -> StepText:
    quoted = [index for index, (_number, line) in enumerate(lines) if line.startswith(">")]
    if not quoted:
        raise _Fault(at, "the step has no expected result: a last paragraph of lines that begin with “> ”")
    instruction, rest = lines[: quoted[0]], lines[quoted[0] :]
    after = next((number for number, line in rest if line.strip() and not line.startswith(">")), None)
    if after:
        raise _Fault(after, "the expected result ends the step")
    if not _joined(instruction).strip():
        raise _Fault(at, "the step does not say what to do")
    expected = "\n".join(line.removeprefix(">").removeprefix(" ") for _number, line in rest)
    if not expected.strip():
        raise _Fault(rest[0][0], "the expected result is empty")
    return StepText(title, _joined(instruction), expected)


def _joined(lines: Lines) -> str:
    return "\n".join(line for _number, line in lines)
