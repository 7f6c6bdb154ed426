"""Jargon in a text, and what it is in plain words. Pure: no ORM, no clock.

The longest term wins that stands there as whole words: what begins or ends in Latin letters is found at the bounds of
a word and in any case; of Chinese somebody is asked who knows where words end. Code, links and addresses are passed
over. Each term is found once, where it first stands.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# In Markdown: fences, code spans, links and images with their text, addresses. Lengths are bounded so that no text
# takes long to read.
_PASSED_OVER = (
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]{1,2000}`|!?\[[^\]\n\[]{0,300}\](?:\([^)\n]{0,500}\)|\[[^\]\n]{0,100}\])"
    r"|<[^<>\s]{1,300}>|(?:https?|ftp)://[!-~]+|[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{1,60}"
)
_CHINESE, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]+")
_BRACKET = re.compile(r"\s{0,2}[（(]\s{0,2}")
_TAG = re.compile(r"(<[^>]*>)")
_OPENS_OR_CLOSES = re.compile(r"</?(code|pre|a)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """A term: every way it is written, and what it means in either language."""

    id: int
    words: tuple[str, ...]
    plain_zh: str
    plain_en: str


@dataclass(frozen=True)
class Found:
    """A term in a text: from `start` up to `end`, as it stands there; `plain` in the language it stands among."""

    start: int
    end: int
    entry: int
    word: str
    plain: str
    is_chinese: bool

    @property
    def in_brackets(self) -> str:
        """What follows the term to explain it."""
        return f"（{self.plain}）" if self.is_chinese else f" ({self.plain})"


# Whether what stands in a text from a place up to another cuts no word in two.
WholeWords = Callable[[str, int, int], bool]


class Glossary:
    """The terms that are looked for, where they stand as whole words."""

    def __init__(self, entries: Iterable[Entry], whole_words: WholeWords) -> None:
        self._of_word = {folded(word): entry for entry in entries for word in entry.words if word.strip()}
        self._words = sorted(self._of_word, key=lambda word: (-len(word), word))
        self._terms = "|".join(map(_as_written, self._words))
        self._whole_words = whole_words

    def find(self, markdown: str) -> list[Found]:
        """The terms of a Markdown text, each where it first stands, unless it is explained there already."""
        return list(self._walk(markdown, set(), f"(?P<passed>{_PASSED_OVER})|"))

    def marked(self, html: str) -> SafeString:
        """Sanitised HTML with each term underlined where it first stands; its plain wording is the title."""
        seen: set[int] = set()
        depth, pieces = 0, []
        for piece in _TAG.split(html):
            is_tag = piece.startswith("<")
            if is_tag and _OPENS_OR_CLOSES.match(piece):
                depth += -1 if piece.startswith("</") else 1
            pieces.append(piece if is_tag or depth else self._underlined(piece, seen))
        return mark_safe("".join(pieces))

    def _underlined(self, escaped: str, seen: set[int]) -> str:
        text, done, parts = unescape(escaped), 0, []
        for found in self._walk(text, seen, ""):
            abbr = format_html('<abbr class="jargon" title="{}">{}</abbr>', found.plain, found.word)
            parts += [format_html("{}", text[done : found.start]), abbr]
            done = found.end
        return "".join([*parts, format_html("{}", text[done:])]) if parts else escaped

    def _walk(self, text: str, seen: set[int], before: str) -> Iterator[Found]:
        if not self._terms:
            return
        pattern = re.compile(f"{before}(?P<term>{self._terms})", re.IGNORECASE | re.DOTALL)
        at = 0
        while match := pattern.search(text, at):
            start, at = match.start(), match.end()
            if match["term"] is None:
                continue
            end = self._end_of_term(text, match)
            if end is None:
                # Another may begin within it.
                at = start + 1
                continue
            at, word = end, text[start:end]
            entry = self._of_word.get(folded(word))
            if entry is None or entry.id in seen:
                continue
            seen.add(entry.id)
            is_chinese = _reads_chinese(_line(text, start))
            plain = entry.plain_zh if is_chinese else entry.plain_en
            if not _explained(text, end, plain):
                yield Found(start, end, entry.id, word, plain, is_chinese)

    def _end_of_term(self, text: str, match: re.Match[str]) -> int | None:
        """Where the term ends that begins there, the longest that stands there as whole words; None without one."""
        start, longest = match.span("term")
        if self._whole_words(text, start, longest):
            return longest
        found = folded(match["term"])
        ends = (start + len(word) for word in self._words if word != found and _begins(found, word))
        return next((end for end in ends if self._whole_words(text, start, end)), None)


def folded(word: str) -> str:
    """A word as it is compared: in lower case, white space folded."""
    return " ".join(word.split()).lower()


def utf16_length(text: str) -> int:
    """How long browsers take `text` to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _as_written(word: str) -> str:
    body = r"\s+".join(map(re.escape, word.split()))
    latin = re.compile(r"[a-z0-9]")
    left = r"(?<![a-z0-9_])" if latin.match(word[0]) else ""
    right = r"(?![a-z0-9_])" if latin.match(word[-1]) else ""
    return left + body + right


def _begins(found: str, word: str) -> bool:
    """Whether the Chinese `word` stands at the beginning of `found`."""
    return found.startswith(word) and len(_CHINESE.findall(word)) == len(word)


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]


def _reads_chinese(line: str) -> bool:
    """Whether a line is Chinese rather than English: a name or a code of the other language does not decide it."""
    return 2 * len(_CHINESE.findall(line)) > len(_LATIN.findall(line))


def _explained(text: str, end: int, plain: str) -> bool:
    """Whether the term that ends there is explained in brackets right behind it."""
    opened = _BRACKET.match(text, end)
    return opened is not None and text.startswith(plain, opened.end())
