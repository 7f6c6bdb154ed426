"""Chinese and mixed text as tsvector and tsquery.

A document holds its words (jieba with a finance dictionary), and of every run of Chinese its single
characters and bigrams, so that 结 and 结账 and 反结账 are all found; of a code such as ORA-00060 the whole
and its parts. Postgres parses nothing: lexemes are written literally.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

import jieba
from django.contrib.postgres.search import SearchQuery
from django.db.models import Func, Value
from django.db.models.expressions import Combinable

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:[-_.+/#][a-z0-9]+)*\+?")
_PART = re.compile(r"[a-z]+|\d+")
# Longest text indexed, and the highest position a tsvector can hold.
MAX_CHARACTERS = 20_000
MAX_POSITION = 16_383


@cache
def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.load_userdict(str(Path(__file__).with_name("finance_words.txt")))
    return tokenizer


def lexemes(text: str) -> list[tuple[str, int]]:
    """What `text` is found by, each with its position (1 for the first run), in order."""
    found: list[tuple[str, int]] = []
    position = 0
    for run in _runs(text):
        if _is_chinese(run):
            found += [(run[i : i + 1], position + i + 1) for i in range(len(run))]
            found += [(run[i : i + 2], position + i + 1) for i in range(len(run) - 1)]
            found += [
                (word, position + start + 1)
                for word, start, end in _tokenizer().tokenize(run, mode="search")
                if end - start > 2
            ]
            position += len(run)
        else:
            position += 1
            found += [(piece, position) for piece in _latin_pieces(run)]
    return found


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower())


def _is_chinese(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff"


def _latin_pieces(run: str) -> set[str]:
    parts = re.split(r"[-_.+/#]", run)
    pieces = {run, run.rstrip("+"), *parts}
    for part in parts:
        letters_and_digits = _PART.findall(part)
        if len(letters_and_digits) > 1:
            pieces.update(letters_and_digits)
    return {piece for piece in pieces if piece}


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def document(weighted: dict[str, str]) -> Combinable:
    """An expression for a tsvector column from texts by weight, `A` the weightiest."""
    entries: list[str] = []
    offset = 0
    for weight, text in weighted.items():
        last = 0
        for lexeme, position in lexemes(text):
            last = max(last, position)
            entries.append(f"{_quoted(lexeme)}:{min(offset + position, MAX_POSITION)}{weight}")
        offset += last + 10
    return Func(Value(" ".join(entries)), template="%(expressions)s::tsvector")


def all_of(text: str) -> SearchQuery | None:
    """A query that wants everything in `text`; None when there is nothing to look for in it."""
    return _query(" & ".join(_needed(text)))


def any_of(text: str) -> SearchQuery | None:
    """A query content with any word of `text` (stop words and lone characters aside): for suggestions."""
    words = {
        word
        for run in _runs(text)
        for word in (_tokenizer().cut_for_search(run) if _is_chinese(run) else [run])
        if len(word) > 1 and word not in STOP_WORDS
    }
    return _query(" | ".join(_quoted(word) for word in sorted(words)))


def _needed(text: str) -> list[str]:
    terms: list[str] = []
    for run in _runs(text):
        if not _is_chinese(run) or len(run) == 1:
            terms.append(_quoted(run))
        else:
            terms += [_quoted(run[i : i + 2]) for i in range(len(run) - 1)]
    return terms


def _query(raw: str) -> SearchQuery | None:
    return SearchQuery(raw, search_type="raw", config="simple") if raw else None


_CHINESE_STOP_WORDS = (
    "我们 你们 他们 这个 那个 一个 什么 怎么 如何 没有 可以 不能 不了 "
    "时候 现在 今天 昨天 之后 以后 还是 就是 但是"
)
_ENGLISH_STOP_WORDS = (
    "the and for not with that this from are was have has can cannot when what how after before our you your"
)
STOP_WORDS = frozenset((_CHINESE_STOP_WORDS + " " + _ENGLISH_STOP_WORDS).split())
