"""Chinese and mixed text as tsvector and tsquery.

A document holds its words (jieba with a finance dictionary), and of every run of Chinese its single
characters and bigrams, so that 结 and 结账 and 反结账 are all found; of a code such as ORA-00060 the whole,
its parts, and the whole without its joints (ora00060), which is what a query asks for. Postgres parses
nothing: lexemes are written literally.
"""

import logging
import math
import re
import unicodedata
from collections import defaultdict
from functools import cache, reduce
from itertools import groupby, islice
from operator import add
from pathlib import Path

import jieba
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, FloatField, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_HAN}]"
_JOINT = r"[-_.+/#]"
_RUN = re.compile(rf"[{_HAN}]+|{_LETTER}+(?:{_JOINT}{_LETTER}+)*\+?")
_CHINESE_BEFORE, _CHINESE_AFTER = re.compile(rf"[{_HAN}]*\Z"), re.compile(rf"[{_HAN}]*")
_PART = re.compile(r"\d+|[^\W\d_]+")
# Longest text indexed, longest word, and the highest position a tsvector can hold.
MAX_CHARACTERS = 20_000
MAX_WORD = 100
MAX_POSITION = 16_383
# So many words of a question are looked for, in so much of it.
MAX_TERMS = 60
MAX_QUERY = 2_000
# So many characters on either side say where words begin and end.
AROUND = 12
# How much a word tells: an everyday one a third of a rare one or of an error code.
EVERYDAY, RARE = 1, 3


@cache
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
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
                for word, start, end in _tokenizer().tokenize(run, mode="search", HMM=False)
                if end - start > 2
            ]
            position += len(run)
        else:
            position += 1
            found += [(piece, position) for piece in sorted(_latin_pieces(run))]
    return found


def _runs(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower()[:MAX_CHARACTERS]
    # 帐 and 账 are one word in two spellings: 结帐 finds 结账.
    return _RUN.findall(plain.replace("帐", "账"))


def _is_chinese(run: str) -> bool:
    return run[0] == "〇" or "\u3400" <= run[0] <= "\u9fff" or "\U00020000" <= run[0] <= "\U0003ffff"


def _latin_pieces(run: str) -> set[str]:
    parts = re.split(_JOINT, run.rstrip("+"))
    pieces = {run, "".join(parts), *parts}
    for part in parts:
        letters_and_digits = _PART.findall(part)
        if len(letters_and_digits) > 1:
            pieces.update(letters_and_digits)
    return {piece[:MAX_WORD] for piece in pieces if piece}


def _joined(run: str) -> str:
    return re.sub(_JOINT, "", run)[:MAX_WORD]


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def document(weighted: dict[str, str]) -> Combinable:
    """An expression for a tsvector column from texts by weight, `A` the weightiest.

    What lies beyond the first MAX_CHARACTERS of all texts together is not indexed.
    """
    entries: list[str] = []
    offset = read = 0
    for weight, text in weighted.items():
        last = 0
        for lexeme, position in lexemes(text[: MAX_CHARACTERS - read]):
            last = max(last, position)
            entries.append(f"{_quoted(lexeme)}:{min(offset + position, MAX_POSITION)}{weight}")
        read = min(read + len(text), MAX_CHARACTERS)
        offset += last + 10
    return Func(Value(" ".join(entries)), template="%(expressions)s::tsvector")


class LiteralQuery(SearchQuery):
    """A tsquery taken as written: no parser of Postgres splits or drops its lexemes."""

    template = "%(expressions)s::tsquery"


def all_of(text: str) -> SearchQuery | None:
    """A query that wants everything in `text`; None when there is nothing to look for in it."""
    return _query(" & ".join(_quoted(term) for term in _needed(text)))


def any_of(text: str) -> SearchQuery | None:
    """A query content with any word of `text` (stop words and lone characters aside): for suggestions."""
    return _query(" | ".join(_quoted(word) for word in telling_words(text)))


def score(column: str, text: str) -> Combinable:
    """How much of `text` the tsvector `column` answers, as a float: rare words and weighty places count more.

    A rare word in a text of weight A brings about 1.8, an everyday one in D about 0.06.
    """
    by_weight: dict[int, list[str]] = defaultdict(list)
    for word, weight in telling_words(text).items():
        by_weight[weight].append(word)
    # ts_rank of an OR divides by the number of words; here each is to count.
    ranks = [
        Cast(SearchRank(F(column), LiteralQuery(" | ".join(map(_quoted, words)))), FloatField())
        * Value(float(weight * len(words)))
        for weight, words in sorted(by_weight.items())
    ]
    return reduce(add, ranks, Value(0.0, output_field=FloatField()))


def telling_words(text: str) -> dict[str, int]:
    """The words of `text` worth looking for, each with how much it tells (EVERYDAY to RARE)."""
    words = (
        word
        for run in _runs(text[:MAX_QUERY])
        for word in _words(run)
        if len(word) > 1 and word not in STOP_WORDS
    )
    return {word: _tells(word) for word in islice(dict.fromkeys(words), MAX_TERMS)}


def markable(text: str) -> list[str]:
    """The words of a query as they stand in a text, to be marked there; the longest first."""
    words: set[str] = set()
    for run in _runs(text[:MAX_QUERY]):
        found = _words(run) if _is_chinese(run) and len(run) > 1 else [run]
        words.update(word for word in found if word not in STOP_WORDS)
    return sorted(words, key=lambda word: (-len(word), word))


def is_of_whole_words(text: str, start: int, end: int) -> bool:
    """Whether what stands from `start` up to `end` cuts no word of the Chinese around it: 回滚 cuts two of 来回滚动."""
    before = _CHINESE_BEFORE.findall(text[max(0, start - AROUND) : start])[0]
    after = _CHINESE_AFTER.findall(text[end : end + AROUND])[0]
    if not before and not after:
        return True
    words = _tokenizer().tokenize(before + text[start:end] + after, HMM=False)
    bounds = {bound for _word, *both in words for bound in both}
    return {len(before), len(before) + end - start} <= bounds


def _words(run: str) -> list[str]:
    if not _is_chinese(run):
        return [_joined(run)]
    found: list[str] = []
    cut = _tokenizer().cut(run, HMM=False)
    for alone, pieces in groupby(cut, key=lambda piece: len(piece) == 1):
        if alone:
            # Characters the dictionary makes no word of: their pairs are looked for.
            unknown = "".join(pieces)
            found += [unknown[i : i + 2] for i in range(len(unknown) - 1)]
        else:
            found += [word for piece in pieces for word in _tokenizer().cut_for_search(piece, HMM=False)]
    return found


def _tells(word: str) -> int:
    if not _is_chinese(word):
        return RARE if any(c.isdigit() for c in word) else RARE - 1
    frequency = _tokenizer().FREQ.get(word, 0) or 1
    # jieba counts about 60 million words: 系统 stands there 7,000 times, 报表 300 times, 反结账 never.
    rarity = math.log10(_tokenizer().total / frequency)
    return max(EVERYDAY, min(RARE, round(rarity) - 3))


def _needed(text: str) -> list[str]:
    terms: list[str] = []
    for run in _runs(text[:MAX_QUERY]):
        if not _is_chinese(run):
            terms.append(_joined(run))
        elif len(run) == 1:
            terms.append(run)
        else:
            terms += [run[i : i + 2] for i in range(len(run) - 1)]
    return list(islice(dict.fromkeys(terms), MAX_TERMS))


def _query(raw: str) -> SearchQuery | None:
    return LiteralQuery(raw) if raw else None


_CHINESE_STOP_WORDS = (
    "我们 你们 他们 您们 自己 这个 那个 这里 那里 一个 一下 一直 什么 怎么 怎样 怎么办 如何 为什么 为何 有没有 "
    "没有 可以 不能 不了 不到 不行 无法 需要 应该 能不能 时候 现在 今天 昨天 刚才 刚刚 之后 以后 之前 还是 就是 "
    "但是 因为 所以 如果 已经 突然 老是 总是 请问 你好 您好 谢谢 麻烦 帮忙 帮我 老师 客服 工程师 问题 情况 有人"
)
_ENGLISH_STOP_WORDS = (
    "the and for not with that this from are was were have has had can cannot could does did do is it its in on "
    "of to at we us my me be no an as or if so by when what why how where which who after before our you your "
    "please help hello hi there any all some now today yesterday only still just been will would should"
)
STOP_WORDS = frozenset((_CHINESE_STOP_WORDS + " " + _ENGLISH_STOP_WORDS).split())
