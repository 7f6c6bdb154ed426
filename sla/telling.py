"""An explanation in words, for the team or plainly for its customers. Times are local to the clock's calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.models import reads_chinese
from common.templatetags.desk import duration
from sla.calendar import ZERO
from sla.explaining import Aimed, Explanation, Line, LineKind, Part, PartKind, Waited
from sla.vocabulary import ClockState, Metric, WaitFor
from tickets.vocabulary import Tier

MINUTE = timedelta(minutes=1)
NOON = 12


@dataclass(frozen=True)
class Row:
    """A row of the timeline. `kind`: `start`, `promise`, `day`, `off`, `always`, `gap`, `event`, `due` or `end`.

    `when` is a day or a moment, `tag` says what is special about it, `texts` what happened, `total` what has
    been counted by then.
    """

    kind: str
    when: str
    texts: tuple[str, ...] = ()
    tag: str = ""
    total: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        head = f"{self.when}{self.tag and f' ({self.tag})'}"
        said = _("; ").join([*self.texts, *([self.total] if self.total else [])])
        return _("%(when)s: %(what)s") % {"when": head, "what": said} if head and said else head or said


@dataclass(frozen=True)
class About:
    """Whose promise is told, and to whom: `plain` is for customers."""

    metric: str
    cycle: int
    tier: str
    plain: bool


def tell(explanation: Explanation, about: About) -> list[Row]:
    """The timeline from the start to the due moment, and what came of it."""
    return list(_Teller(explanation, about).rows())


class _Teller:
    """Tells one explanation to one kind of reader."""

    def __init__(self, explanation: Explanation, about: About) -> None:
        self.it, self.about, self.plain = explanation, about, about.plain
        self.reading = explanation.reading
        self.zone = self.reading.calendar.zone
        self.year = self.reading.started_at.astimezone(self.zone).year

    def rows(self) -> Iterator[Row]:
        yield Row("start", self.moment(self.reading.started_at, year=True), (self._began(),))
        yield Row("promise", "", tuple(self._promised()))
        total = ZERO
        for line in self.it.lines:
            total += _shown_length(line, PartKind.COUNTED)
            yield self._line(line, total)
            for wait in line.waits:
                yield Row("event", self.moment(wait.since), (self._wait(wait),))
            for change in line.changes:
                yield Row("event", self.moment(change.at), tuple(self._change(change)))
        if self.it.unplaced:
            text = _("Earlier pauses moved the moment by %(length)s.") % {"length": hours(self.it.unplaced)}
            yield Row("event", "", (text,))
        yield from self._outcome()

    def moment(self, at: datetime, *, year: bool = False) -> str:
        """A day and a time of the calendar's zone."""
        local = at.astimezone(self.zone)
        return f"{self.day(local.date(), year=year)} {local:%H:%M}"

    def day(self, day: date, *, year: bool = False) -> str:
        """周三 3月4日, Wed 4 Mar; with the year if it is another one than that of the start."""
        with_year = year or day.year != self.year
        if reads_chinese():
            text = f"{day.year}年{day.month}月{day.day}日" if with_year else f"{day.month}月{day.day}日"
            return f"周{'一二三四五六日'[day.weekday()]} {text}"
        return f"{WEEKDAYS_ABBR[day.weekday()]} {date_format(day, 'j M Y' if with_year else 'j M')}"

    def _began(self) -> str:
        if self.about.metric == Metric.NEXT_RESPONSE:
            return _("You wrote to us") if self.plain else _("The customer wrote")
        if self.about.cycle > 1:
            return _("Reopened")
        return _("Filed")

    def _promised(self) -> Iterator[str]:
        said = {
            "metric": Metric(self.about.metric).label,
            "tier": Tier(self.about.tier).label,
            "within": self.length(self.reading.within),
            "calendar": self.it.calendar,
        }
        if self.reading.calendar.always:
            yield _("Promised (%(tier)s): %(metric)s within %(within)s, day and night") % said
        elif self.it.calendar:
            yield _("Promised (%(tier)s): %(metric)s within %(within)s of “%(calendar)s”") % said
        if self.it.grace and not self.plain:
            yield _("Grace: %(length)s more") % {"length": self.length(self.it.grace)}
        if self._elsewhere():
            yield _("All times are those of %(zone)s") % {"zone": self.zone.key}

    def _elsewhere(self) -> bool:
        """Whether the reader's clocks show another time than the calendar's."""
        due = self.reading.due_at
        return due.astimezone(self.zone).utcoffset() != timezone.localtime(due).utcoffset()

    def length(self, value: timedelta) -> str:
        """A length of working time: in days only where a day has 24 hours."""
        return duration(value) if self.reading.calendar.always else hours(value)

    def _line(self, line: Line, total: timedelta) -> Row:
        when = self.day(line.first)
        if line.days > 1:
            when = f"{when} – {self.day(line.last)}"
        if line.kind == LineKind.WEEKEND:
            return Row("off", when, (_("Days off, not counted"),))
        if line.kind == LineKind.HOLIDAY:
            names = _(", ").join(line.names) or _("Days off")
            return Row("off", when, (_("%(names)s, not counted") % {"names": names},))
        if line.kind == LineKind.LEFT_OUT:
            return Row("gap", when, tuple(self._left_out(line)), total=self._so_far(line.total))
        if line.kind == LineKind.ALWAYS:
            return Row("always", when, tuple(self._all_day(line)))
        texts = tuple(filter(None, (self._part(part, line) for part in line.parts)))
        return Row(
            "day", when, texts, tag=self._makeup(line), total=self._so_far(total) if line.counted else ""
        )

    def _makeup(self, line: Line) -> str:
        if line.kind != LineKind.MAKEUP:
            return ""
        name = _(", ").join(line.names)
        return _("make-up workday: %(name)s") % {"name": name} if name else _("make-up workday")

    def _so_far(self, total: timedelta) -> str:
        return _("%(length)s in all") % {"length": hours(total)}

    def _left_out(self, line: Line) -> Iterator[str]:
        said = {"count": line.days, "length": hours(line.counted)}
        yield (
            ngettext(
                "%(count)d day in between: %(length)s count",
                "%(count)d days in between: %(length)s count",
                line.days,
            )
            % said
        )
        if line.paused:
            yield _("Pauses in these days: %(length)s") % {"length": hours(line.paused)}

    def _all_day(self, line: Line) -> Iterator[str]:
        yield _("Every hour counts, day and night: %(length)s") % {"length": self.length(line.counted)}
        for part in line.parts:
            if part.kind == PartKind.PAUSED:
                said = {"length": self.length(part.length), **self._ends(part.since, part.until)}
                yield str(_PAUSED[part.reason, self.plain]) % said

    def _part(self, part: Part, line: Line) -> str:
        said = {"length": hours(_shown(part)), **self._times(part.since, part.until)}
        if part.kind == PartKind.COUNTED:
            return _("%(from)s–%(to)s counts %(length)s") % said
        if part.kind == PartKind.PAUSED:
            return str(_PAUSED[part.reason, self.plain]) % said
        if part.kind == PartKind.BREAK:
            noon = part.since.astimezone(self.zone).hour <= NOON <= part.until.astimezone(self.zone).hour
            text = (
                _("%(from)s–%(to)s lunch, not counted") if noon else _("%(from)s–%(to)s break, not counted")
            )
            return text % said
        # A night only tells something where the day has nothing else.
        return "" if line.counted or line.paused else _("After hours, not counted")

    def _times(self, since: datetime, until: datetime) -> dict[str, str]:
        start, end = since.astimezone(self.zone), until.astimezone(self.zone)
        midnight = end.date() > start.date() and f"{end:%H:%M}" == "00:00"
        return {"from": f"{start:%H:%M}", "to": "24:00" if midnight else f"{end:%H:%M}"}

    def _ends(self, since: datetime, until: datetime) -> dict[str, str]:
        return {"from": self.moment(since), "to": self.moment(until)}

    def _wait(self, wait: Waited) -> str:
        if wait.pauses and wait.until is None:
            return str(_STILL[wait.reason, self.plain])
        if wait.pauses:
            return str(_OUTSIDE[wait.reason, self.plain])
        if wait.until is None:
            return str(_COUNTING[self.plain])
        return str(_COUNTED[self.plain]) % {"to": self.moment(wait.until)}

    def _change(self, change: Aimed) -> Iterator[str]:
        said = {"tier": Tier(change.tier).label if change.tier in Tier.values else ""}
        yield str(_WHY.get((change.why, self.plain), _OTHERWISE)) % said
        moments = {"old": self.moment(change.old_due_at), "new": self.moment(change.due_at)}
        yield _("New moment: %(new)s (before: %(old)s)") % moments
        if change.grace:
            yield _(
                "Counted from the start, the new moment had passed already: a short time was given from then on"
            )

    def _outcome(self) -> Iterator[Row]:
        reading = self.reading
        due = self.moment(reading.due_at)
        if reading.state == ClockState.PAUSED:
            due = _("%(when)s + this pause") % {"when": due}
        yield Row("due", due, (_("Due") if not self.plain else _("Our promise ends here"),))
        if reading.state == ClockState.CANCELLED:
            yield Row("end", "", (_("Not counted any more"),))
        if reading.stopped_at is not None:
            late = reading.stopped_at - reading.due_at
            if reading.breached_at is None:
                text = _("Done, in time")
            else:
                text = _("Done, %(late)s late") % {"late": duration(late)}
            yield Row("end", self.moment(reading.stopped_at), (text, *self._split()))

    def _split(self) -> Iterator[str]:
        """Whose the time was, where it was not all ours."""
        split = self.it.split
        if split is None or split.ours == split.wall:
            return
        vendor = _("the software's maker") if self.plain else _("the vendor")
        customer = _("you") if self.plain else _("the customer")
        named = ((_("us"), split.ours), (vendor, split.vendor), (customer, split.customer))
        parts = [
            _("%(whose)s %(length)s") % {"whose": whose, "length": self.length(spent)}
            for whose, spent in named
            if spent
        ]
        if split.off:
            parts.append(_("off hours %(length)s") % {"length": duration(split.off)})
        yield _("The time went to: %(parts)s") % {"parts": _(", ").join(parts)}


Words = Mapping[tuple[str, bool], LazyText]
# By whose time it is, and whether a customer reads it.
_PAUSED: Words = {
    (WaitFor.CUSTOMER, False): gettext_lazy(
        "%(from)s–%(to)s paused, the customer was asked: %(length)s later"
    ),
    (WaitFor.CUSTOMER, True): gettext_lazy(
        "%(from)s–%(to)s paused while we waited for your answer: %(length)s later"
    ),
    (WaitFor.VENDOR, False): gettext_lazy("%(from)s–%(to)s paused, with the vendor: %(length)s later"),
    (WaitFor.VENDOR, True): gettext_lazy(
        "%(from)s–%(to)s paused while the software's maker had it: %(length)s later"
    ),
}
_STILL: Words = {
    (WaitFor.CUSTOMER, False): gettext_lazy(
        "Paused since then, the customer is asked; the moment moves on with it"
    ),
    (WaitFor.CUSTOMER, True): gettext_lazy("Paused since then until you answer; the moment moves on with it"),
    (WaitFor.VENDOR, False): gettext_lazy("Paused since then, with the vendor; the moment moves on with it"),
    (WaitFor.VENDOR, True): gettext_lazy(
        "Paused since then, with the software's maker; the moment moves on with it"
    ),
}
_OUTSIDE: Words = {
    (WaitFor.CUSTOMER, False): gettext_lazy(
        "The customer was asked outside working hours; the moment stayed"
    ),
    (WaitFor.CUSTOMER, True): gettext_lazy(
        "We waited for your answer outside working hours; the moment stayed"
    ),
    (WaitFor.VENDOR, False): gettext_lazy("With the vendor outside working hours; the moment stayed"),
    (WaitFor.VENDOR, True): gettext_lazy(
        "With the software's maker outside working hours; the moment stayed"
    ),
}
# A wait that pauses nothing is the vendor's; by whether a customer reads it.
_COUNTING = {
    False: gettext_lazy("With the vendor since then; the time goes on counting"),
    True: gettext_lazy("With the software's maker since then; the time goes on counting"),
}
_COUNTED = {
    False: gettext_lazy("With the vendor until %(to)s; the time went on counting"),
    True: gettext_lazy("With the software's maker until %(to)s; the time went on counting"),
}
_WHY: Words = {
    ("tier", False): gettext_lazy("The tier became “%(tier)s”"),
    ("tier", True): gettext_lazy("The ticket is treated as “%(tier)s” from then on"),
    ("rules", False): gettext_lazy("The policy or its calendar was changed"),
    ("rules", True): gettext_lazy("Our rules of service were changed"),
    ("organisation", False): gettext_lazy("The ticket belongs to another organisation"),
}
_OTHERWISE = gettext_lazy("Another promise holds since then")


def hours(value: timedelta) -> str:
    """A length of working time to the minute, in hours: 26 小时 30 分钟; never in days, which have fewer hours here."""
    minutes = round(value / MINUTE)
    whole, rest = divmod(minutes, 60)
    shown = ([_("%d h") % whole] if whole else []) + ([_("%d min") % rest] if rest or not whole else [])
    return " ".join(shown)


def _shown(part: Part) -> timedelta:
    """The length between the ends as they are shown, so that what is read adds up."""
    return _floor(part.until) - _floor(part.since)


def _floor(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _shown_length(line: Line, kind: PartKind) -> timedelta:
    if line.kind == LineKind.LEFT_OUT:
        return line.counted
    return sum((_shown(part) for part in line.parts if part.kind == kind), ZERO)
