"""Canned replies without a database: placeholders, which situation a ticket is in, and what to offer first.

A placeholder is a name in double braces, such as {{customer}}. Values are put in as text: what would be markup in
Markdown is escaped, so that a subject such as `a*b*c` reads in the reply as it was written.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What can stand in double braces, and what it becomes.
PLACEHOLDERS: Mapping[str, Promise] = {
    "customer": _("the customer's name"),
    "number": _("the ticket's number"),
    "subject": _("the ticket's subject"),
    "product": _("the product, in the customer's language"),
    "engineer": _("your name"),
    "team": _("the team's name"),
    "due": _("by when it is promised, such as “by today 15:40”"),
}
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s](?:[^{}]{0,60}[^{}\s])?)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
# Always markup somewhere; `_` inside a word is none, and `&` only where it begins an entity.
_MARKUP = re.compile(r"[\\`*\[\]<~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,32};)")
# What makes a heading, a list, a quotation or a rule of a line when it stands first.
_LEADING = re.compile(r"^(?:[#+=>-]|(\d{1,9})(?=[.)]))")
# What may stand before a value that is first in its line: the marks of lists and quotations.
_MARKS_BEFORE = " >*-+#0123456789.)"


class Situation(TextChoices):
    """What the customer is going through; a reply for one of these is an opening."""

    OUTAGE = "outage", _("Outage")
    REPEATED = "repeated", _("Repeated failure")
    SLOW = "slow", _("Slow system")
    HOW_TO = "how_to", _("How-to question")
    NONE = "none", _("Any")


@dataclass(frozen=True)
class Facts:
    """What a situation is told from. `seen_before`: the same symptom was reported from there lately."""

    production_down: bool
    category: str
    is_consultation: bool
    reopened: bool
    is_follow_up: bool
    seen_before: bool


def situation_of(facts: Facts) -> Situation:
    """The situation of a ticket; a standstill comes before everything else."""
    if facts.production_down or facts.category == "outage":
        return Situation.OUTAGE
    if facts.reopened or facts.is_follow_up or facts.seen_before:
        return Situation.REPEATED
    if facts.category == "performance":
        return Situation.SLOW
    return Situation.HOW_TO if facts.is_consultation else Situation.NONE


def unknown(text: str) -> list[str]:
    """What stands in braces in `text` and is no placeholder, once each; braces that do not close are `{{` or `}}`."""
    names = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    stray = _BRACES.findall(_PLACEHOLDER.sub("", text))
    return list(dict.fromkeys([*names, *stray]))


def render(text: str, values: Mapping[str, str]) -> str:
    """`text` with its placeholders filled in. One that has no value shows itself as ‹name?›: nobody overlooks it."""

    def filled(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            return f"‹{escaped(name)}?›"
        line = text[: found.start()].rpartition("\n")[2]
        return escaped(values[name], leads=not line.strip(_MARKS_BEFORE))

    return _PLACEHOLDER.sub(filled, text)


def escaped(value: str, *, leads: bool = False) -> str:
    """`value` so that Markdown shows it as it is; `leads`: it stands first in its line."""
    safe = _MARKUP.sub(lambda found: "\\" + found.group(), " ".join(value.split()))
    if leads:
        safe = _LEADING.sub(
            lambda found: f"{found.group(1)}\\" if found.group(1) else f"\\{found.group()}", safe
        )
    return safe


@dataclass(frozen=True)
class Place:
    """What a reply is ranked by: for which situation, product and module it is (ids, None: any), how often used."""

    situation: str
    product: int | None
    module: int | None
    used: int
    name: str


def ranked(places: Iterable[Place], *, situation: str, product: int | None, module: int | None) -> list[int]:
    """The positions of `places`, best first: openings for `situation`, then what is for this product and module,
    then what fits any, then the rest; the more used first.
    """

    def key(numbered: tuple[int, Place]) -> tuple[int, int, int, str]:
        _position, place = numbered
        opens = situation != Situation.NONE and place.situation == situation
        other = place.situation not in {Situation.NONE, situation}
        return (0 if opens else 2 if other else 1, _distance(place, product, module), -place.used, place.name)

    return [position for position, _place in sorted(enumerate(places), key=key)]


def _distance(place: Place, product: int | None, module: int | None) -> int:
    """0 for a reply about this very module or product, 1 for any, 2 for another."""
    pairs = ((place.module, module), (place.product, product))
    if any(own is not None and own != asked for own, asked in pairs):
        return 2
    return 0 if any(own is not None for own, _asked in pairs) else 1
