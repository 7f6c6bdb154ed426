"""Text people typed: cleaned for storage, rendered for reading."""

import re
import unicodedata

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)
# Unicode's categories Cc and Cs, line end and tab excepted.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# What may open or close a piece of markup. The time to read a text grows with the square of their number; one with
# so many is a log or a listing, and shown as it was typed.
_MARKS = re.compile(r"[][*_~`<&!|\\]")
MOST_MARKS = 2000
_TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": set()}


def clean_text(text: str) -> str:
    """Text without NUL and other control characters, in NFC, with plain line ends, trimmed."""
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNWANTED.sub("", unified).strip()


def clean_line(text: str) -> str:
    """`clean_text` on one line, white space folded."""
    return " ".join(clean_text(text).split())


def whole_number(text: str, *, digits: int = 18) -> int | None:
    """The number from 0 on that `text` is, in plain digits and no more of them than a row's id may have; else None."""
    is_one = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if is_one else None


def render_markdown(text: str) -> SafeString:
    """Markdown as HTML that is safe to show: raw HTML is text, links open no script and pass no referrer.

    A text of little but marks is not read as Markdown; it is shown as it stands.
    """
    if len(_MARKS.findall(text)) > MOST_MARKS:
        return format_html('<pre tabindex="0">{}</pre>', text)
    html = _MARKDOWN.render(text)
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    # What is wider than the page scrolls in a box of its own, and the keyboard has to get there.
    return mark_safe(safe.replace("<pre>", '<pre tabindex="0">'))
