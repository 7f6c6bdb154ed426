"""The history in words: codes, ids and data in, sentences in the reader's language out.

No queries: the names of people and teams come along (`tickets.selectors.names_in`). Rows of one step (the
same instant, person and event) are told as one. `plain` tells it to customers: in their words, without the
notes colleagues write to each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.templatetags.desk import moment
from tickets import history_words as words
from tickets.models import HistoryEntry
from tickets.models.ticket import Channel, window_name
from tickets.vocabulary import Status, Tier

NUMBER_PREFIX = "LD-"
# Fields that hold another ticket, by the name their sentences give it.
NUMBERED = {"merged_into": "into", "merged": "merged", "link": "link"}
NOTHING: words.Words = {
    "watcher": gettext_lazy("nobody"),
    "product": gettext_lazy("none"),
    "module": gettext_lazy("none"),
    "category": gettext_lazy("none"),
    "assignee": gettext_lazy("nobody"),
    "team": gettext_lazy("nobody"),
    "organisation": gettext_lazy("none"),
}


@dataclass(frozen=True)
class Names:
    """The names behind the ids in history rows, by id."""

    users: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    organisations: Mapping[int, str] = field(default_factory=dict)
    products: Mapping[int, str] = field(default_factory=dict)
    modules: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)

    def of(self, name: str) -> Mapping[int, str] | None:
        """The names the field of that name refers to; None where it holds no id."""
        return {
            "assignee": self.users,
            "watcher": self.users,
            "team": self.teams,
            "organisation": self.organisations,
            "product": self.products,
            "module": self.modules,
            "category": self.categories,
        }.get(name)


@dataclass(frozen=True)
class Line:
    """One thing that changed: what, from what, to what; `old` is empty where there was nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Step:
    """One step of a ticket's history, told.

    `who` and `text` make one sentence; `who` is empty where the text stands alone. `quote` is what a person
    wrote: a resolution, a reason, a note. `message` is the id of the message written in this step, if any.
    """

    id: int
    at: datetime
    event: str
    who: str
    actor: User | None
    text: str
    lines: Sequence[Line] = ()
    quote: str = ""
    message: int | None = None


def present(entries: Iterable[HistoryEntry], names: Names, *, reader: User, plain: bool) -> list[Step]:
    """History rows, in order, as steps in words. Rows need their `actor` loaded."""
    return [_step(list(rows), names, reader, plain) for _key, rows in groupby(entries, key=_step_of)]


def _step_of(row: HistoryEntry) -> tuple[Any, ...]:
    """What the rows of one step have in common. Each clock is told by itself."""
    clock = row.field if row.event in words.ABOUT_CLOCKS else ""
    return row.at, row.actor_id, row.event, row.data.get("by"), clock


def _step(rows: Sequence[HistoryEntry], names: Names, reader: User, plain: bool) -> Step:
    first = rows[0]
    lines = [line for row in rows if (line := _line(row, names, plain))]
    who = "" if plain and first.event in words.PLAIN_WITHOUT_WHO else _who(first, reader)
    text = _sentence(rows, names, alone=not who, plain=plain)
    if not who and not text:
        # Done by the desk, but in words that need somebody to have done it.
        who = _("The system")
        text = _sentence(rows, names, alone=False, plain=plain)
    return Step(
        id=first.pk,
        at=first.at,
        event=first.event,
        who=who,
        actor=first.actor,
        text=text,
        lines=lines,
        quote=_quote(rows, plain),
        message=first.data.get("message"),
    )


def _who(row: HistoryEntry, reader: User) -> str:
    if row.actor is not None:
        return _("You") if row.actor_id == reader.pk else str(row.actor)
    # An imported row names who did it as its source did, if it did.
    unnamed = _("The system it came from") if "state" in row.data else ""
    return str(row.data.get("by") or unnamed)


def _sentence(rows: Sequence[HistoryEntry], names: Names, *, alone: bool, plain: bool) -> str:
    first = rows[0]
    key = _variant(first)
    sources = [words.ALONE] if alone else [words.TOLD]
    if plain:
        sources.insert(0, words.PLAIN_ALONE if alone else words.PLAIN_TOLD)
    found = next((source[name] for source in sources for name in (key, first.event) if name in source), None)
    if found is None:
        return "" if alone else str(words.OTHER)
    return str(found) % _values(rows, names)


def _variant(row: HistoryEntry) -> str:
    """The event, told more closely where the words differ by what its data says."""
    reason = row.data.get("reason")
    if row.actor_id is None and reason in words.REASON_CODES:
        return f"{row.event}.{reason}"
    for event, name in words.VARIANTS:
        if row.event == event and row.data.get(name):
            return f"{event}.{name}"
    return row.event


def _values(rows: Sequence[HistoryEntry], names: Names) -> dict[str, str]:
    """What sentences may name: the new value of each field, the old one as `old`."""
    found = dict.fromkeys(
        ("tier", "status", "moment", "old", "into", "merged", "window", "tag", "watcher", "link"), ""
    )
    found |= {name: str(text) for name, text in NOTHING.items()}
    for row in rows:
        if row.field in found:
            found[row.field] = value_in_words(row.field, row.new, names)
        if row.field == "tag":
            found["tag"] = str(row.new or row.old)
        if row.event in words.ABOUT_CLOCKS:
            found |= {"moment": moment(_instant(row.new)), "old": moment(_instant(row.old))}
            found["metric"] = str(words.METRICS.get(row.field, row.field))
        if row.field in NUMBERED:
            found[NUMBERED[row.field]] = f"{NUMBER_PREFIX}{row.new}"
        if row.data.get("window"):
            found["window"] = window_name(row.data["window"])
        if row.data.get("called_at"):
            found["moment"] = moment(_instant(row.data["called_at"]))
        if row.data.get("rule"):
            found["rule"] = str(row.data["rule"])
        if row.data.get("follow_up_of"):
            found["follow_up_of"] = f"{NUMBER_PREFIX}{row.data['follow_up_of']}"
    return found


def _instant(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _line(row: HistoryEntry, names: Names, plain: bool) -> Line | None:
    label = words.FIELDS.get(row.field)
    if label is None or (plain and row.field not in words.PLAIN_FIELDS):
        return None
    return Line(
        str(label),
        value_in_words(row.field, row.old, names, plain=plain),
        value_in_words(row.field, row.new, names, plain=plain),
    )


def value_in_words(field: str, value: Any, names: Names, *, plain: bool = False) -> str:
    """A stored value of a field as the reader knows it. Imported rows hold names instead of ids."""
    if value is None:
        return str(NOTHING.get(field, ""))
    known = names.of(field)
    if known is not None:
        return _name(value, known)
    if field == "status":
        status: Mapping[Any, str | Promise] = words.PLAIN_STATUS if plain else dict(Status.choices)
        return str(status.get(value, value))
    if field == "tier":
        return str(dict(Tier.choices).get(value, value))
    return str(value)


def _name(value: Any, known: Mapping[int, str]) -> str:
    return known.get(value) or _("somebody who is gone") if isinstance(value, int) else str(value)


def _quote(rows: Sequence[HistoryEntry], plain: bool) -> str:
    first = rows[0]
    if first.event in words.ABOUT_CLOCKS:
        # Their `resolution` is the metric of that name.
        return ""
    resolution = next((row.new for row in rows if row.field == "resolution"), None)
    if resolution:
        return str(resolution)
    for row in rows:
        if reason := row.data.get("reason"):
            return "" if first.actor_id is None and reason in words.REASON_CODES else str(reason)
        note = row.data.get("note")
        if note and (not plain or first.event in words.PLAIN_NOTES):
            return str(words.NOTE_CODES.get(note, note) if first.actor_id is None else note)
    return ""


def channel_in_words(code: str) -> str:
    """The way something came, as the reader knows it."""
    return str(dict(Channel.choices).get(code, code))
