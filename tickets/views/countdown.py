"""How a card or a row shows a clock: in HTML at once, as a board has hundreds of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.templatetags.desk import iso
from sla.models import Clock

NOTHING = SafeString("")


@dataclass(frozen=True)
class Countdown:
    """A running clock as shown at one moment; the page counts on from there by itself (static/js/countdown.js)."""

    title: str
    word: str
    late_word: str
    due_at: datetime
    # Where the rail begins: the due moment less the promised time, so that pauses do not count.
    started_at: datetime
    left: timedelta
    look: str

    def mark(self, icons: Mapping[str, SafeString]) -> SafeString:
        """The clock with its word; one that still runs brings the word for when it has run out."""
        late = self.look == "breach"
        return format_html(
            '<span class="clock{}" title="{}"{}><span class="clock__on">{}{}</span>'
            ' <time datetime="{}" data-due data-started="{}">{}</time></span>',
            "" if self.look == "ok" else f" clock--{self.look}",
            self.title,
            NOTHING if late else format_html(' data-late="{}"', self.late_word),
            icons["alert" if late else "clock"],
            self.late_word if late else self.word,
            iso(self.due_at),
            iso(self.started_at),
            self.text,
        )

    @property
    def rail(self) -> SafeString:
        """The bar of the time that is gone."""
        return _rail("" if self.look == "ok" else f" rail--{self.look}", self.used)

    @property
    def text(self) -> str:
        """The time left or overrun: 08:52, 21:36:04, 2 d 04:11."""
        seconds = int(abs(self.left.total_seconds()))
        days, rest = divmod(seconds, 86_400)
        hours, rest = divmod(rest, 3600)
        minutes, seconds = divmod(rest, 60)
        if days:
            return f"{days} {_('d')} {hours:02}:{minutes:02}"
        return f"{hours:02}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"

    @property
    def used(self) -> int:
        """How much of the promised time is gone, in per cent, at most 100."""
        whole = max(self.due_at - self.started_at, timedelta(microseconds=1))
        return max(0, min(100, int(100 * (1 - self.left / whole))))


def note(icon: SafeString, text: str, *, overdue: bool, short: str = "") -> SafeString:
    """An icon and a word in place of a clock that counts; `short` is what a compact card has room for of it."""
    look = "breach" if overdue else "still"
    if not short:
        return format_html('<span class="clock clock--{}">{}<span>{}</span></span>', look, icon, text)
    return format_html(
        '<span class="clock clock--{}" title="{}">{}<span class="clock__long">{}</span>'
        '<span class="clock__short" aria-hidden="true">{}</span></span>',
        look, text, icon, text, short,
    )  # fmt: skip


def resting_rail(clock: Clock) -> SafeString:
    """The bar of a clock that rests, as it stood when it stopped."""
    used = 0
    if clock.paused_at is not None:
        used = max(0, min(100, int(100 * (1 - (clock.due_at - clock.paused_at) / clock.within))))
    return _rail(" rail--still", used)


def _rail(look: str, used: int) -> SafeString:
    # What it says, the clock beside it says in words.
    return format_html(
        '<span class="rail{}" aria-hidden="true"><progress max="100" value="{}"></progress></span>',
        look,
        used,
    )
