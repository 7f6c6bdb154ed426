"""What a letter is made of, the same for its plain and its HTML part."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Button:
    """Something to click."""

    label: str
    url: str


@dataclass(frozen=True)
class Row:
    """One line of a letter about several tickets."""

    number: str
    subject: str
    text: str
    url: str


@dataclass(frozen=True)
class Part:
    """Rows under a title; `more` leads to those that are not named."""

    title: str
    rows: tuple[Row, ...]
    more: Button | None = None


@dataclass(frozen=True)
class Letter:
    """A letter in the recipient's language.

    `quote` is Markdown a person wrote; everything else is plain text.
    """

    subject: str
    heading: str
    lead: str = ""
    quote: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    note: str = ""


def address(path: str) -> str:
    """A page of the desk, as a mail names it."""
    return f"{settings.SITE_URL}{path}"
