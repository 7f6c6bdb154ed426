"""How far a ticket is and what the customer is promised, in words; the portal and the ticket's page show both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from django.conf import settings
from django.utils.functional import Promise as LazyText
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.models import reads_chinese
from common.templatetags.desk import iso, moment
from common.text import render_markdown
from sla.models import Clock
from sla.selectors import current
from sla.vocabulary import ClockState, Metric
from tickets.models import Ticket
from tickets.vocabulary import Status

TEXT_SHOWN = 140

STAGES: tuple[tuple[str, LazyText], ...] = (
    ("filed", gettext_lazy("Filed")),
    ("accepted", gettext_lazy("Accepted")),
    ("working", gettext_lazy("In progress")),
    ("confirm", gettext_lazy("Yours to confirm")),
    ("done", gettext_lazy("Done")),
)
_REACHED = {
    Status.NEW: 0,
    Status.ASSIGNED: 1,
    Status.IN_PROGRESS: 2,
    Status.WAITING_CUSTOMER: 2,
    Status.WAITING_VENDOR: 2,
    Status.RESOLVED: 3,
    Status.CLOSED: 4,
}
# The middle stage says whose turn it is.
_WAITING = {
    Status.WAITING_CUSTOMER: gettext_lazy("Waiting for you"),
    Status.WAITING_VENDOR: gettext_lazy("With the vendor"),
}


@dataclass(frozen=True)
class Stage:
    """One named step of a ticket's way; `state` is `past`, `now` or `ahead`."""

    code: str
    name: str
    state: str


@dataclass(frozen=True)
class Promise:
    """What the customer may count on, or has to do.

    `kind`: `answer` or `resolve` (a promised moment), `late` (one that has passed), `yours` (we wait for an
    answer), `confirm` (resolved), `working` (nothing is promised), `done` or `ended`. `sentence` holds one
    `%(stress)s`; `moment` is the instant behind it, if there is one; `detail` says the rest.
    """

    kind: str
    sentence: str
    stress: str
    moment: datetime | None = None
    detail: str = ""

    @property
    def text(self) -> str:
        """The sentence, plain."""
        return self.sentence.replace("%(stress)s", self.stress)

    @property
    def html(self) -> SafeString:
        """The sentence, what matters in it emphasised."""
        stress = format_html("{}", self.stress)
        if self.moment is not None:
            stress = format_html('<time datetime="{}">{}</time>', iso(self.moment), self.stress)
        before, _mark, after = self.sentence.partition("%(stress)s")
        return format_html("{}<b>{}</b>{}", before, stress, after)


def stages(ticket: Ticket) -> list[Stage]:
    """The ticket's way from filing to the end, and where on it the ticket is."""
    if ticket.status in {Status.CANCELLED, Status.MERGED}:
        ended = Stage("done", ticket.get_status_display(), "now")
        return [Stage("filed", str(STAGES[0][1]), "past"), ended]
    status = Status(ticket.status)
    reached = _REACHED[status]
    found = []
    for position, (code, name) in enumerate(STAGES):
        is_past = position < reached or status == Status.CLOSED
        state = "past" if is_past else "now" if position == reached else "ahead"
        shown = _WAITING.get(status, name) if position == reached else name
        found.append(Stage(code, str(shown), state))
    return found


def promise_of(ticket: Ticket, clocks: Sequence[Clock], at: datetime, *, question: str = "") -> Promise:
    """What the customer of `ticket` may count on at `at`. Reads the assignee; `clocks` are all of the ticket's.

    `question` is the last message of staff, as Markdown, where the page has it at hand.
    """
    if ticket.status in {Status.CLOSED, Status.CANCELLED, Status.MERGED}:
        return _ended(ticket)
    if ticket.status == Status.RESOLVED:
        return _to_confirm(ticket)
    if ticket.status == Status.WAITING_CUSTOMER:
        return Promise(
            "yours",
            _("We cannot go on without you: %(stress)s"),
            _("please answer our question"),
            detail=_plain(question) or _("Once you have answered we go on at once."),
        )
    running = {clock.metric: clock for clock in current(clocks) if clock.state == ClockState.RUNNING}
    answer = running.get(Metric.FIRST_RESPONSE) or running.get(Metric.NEXT_RESPONSE)
    resolution = running.get(Metric.RESOLUTION)
    who = _who(ticket)
    if answer is not None:
        return _promised(answer, at, kind="answer", detail=_joined(who, _resolved_by(resolution, at)))
    if resolution is not None:
        return _promised(resolution, at, kind="resolve", detail=who)
    return Promise("working", "%(stress)s", _("We are working on it."), detail=who)


_SENTENCES = {
    ("answer", False): gettext_lazy("We answer you by %(stress)s at the latest"),
    ("answer", True): gettext_lazy("We are late and on it: you were to hear from us by %(stress)s"),
    ("resolve", False): gettext_lazy("Answered; we resolve it by %(stress)s"),
    ("resolve", True): gettext_lazy("We are late and on it: it was to be resolved by %(stress)s"),
}


def _promised(clock: Clock, at: datetime, *, kind: str, detail: str) -> Promise:
    late = at > clock.due_at
    sentence = str(_SENTENCES[kind, late])
    return Promise("late" if late else kind, sentence, moment(clock.due_at), clock.due_at, detail)


def _joined(*sentences: str) -> str:
    return ("" if reads_chinese() else " ").join(each for each in sentences if each)


def _resolved_by(clock: Clock | None, at: datetime) -> str:
    if clock is None or at > clock.due_at:
        return ""
    return _("Resolved by %(when)s, we expect.") % {"when": moment(clock.due_at)}


def _who(ticket: Ticket) -> str:
    if ticket.status == Status.WAITING_VENDOR:
        return _("We have asked the maker of the software and keep after them.")
    if ticket.assignee is not None:
        return _("%(name)s is on it.") % {"name": ticket.assignee.name}
    return _("It has come in; we are finding the right engineer.")


def closes_at(ticket: Ticket) -> datetime | None:
    """When a resolved ticket closes without a word from its customer."""
    waits = ticket.status == Status.RESOLVED and ticket.resolved_at is not None
    return ticket.resolved_at + settings.AUTO_CLOSE_AFTER if waits and ticket.resolved_at else None


def _plain(markdown: str) -> str:
    """The beginning of a text without its markup."""
    text = " ".join(unescape(strip_tags(render_markdown(markdown))).split())
    return text if len(text) <= TEXT_SHOWN else text[:TEXT_SHOWN] + "…"


def _to_confirm(ticket: Ticket) -> Promise:
    closing = _("Without a word from you it closes by itself: %(when)s.") % {
        "when": moment(closes_at(ticket))
    }
    if ticket.assignee is not None:
        sentence = _("%(name)s has finished it: %(stress)s").replace("%(name)s", ticket.assignee.name)
    else:
        sentence = _("We have finished it: %(stress)s")
    return Promise(
        "confirm", sentence, _("please have a look"), detail=_joined(_plain(ticket.resolution), closing)
    )


def _ended(ticket: Ticket) -> Promise:
    sentences = {
        Status.CLOSED: _("Done: %(stress)s"),
        Status.CANCELLED: _("Cancelled: %(stress)s"),
        Status.MERGED: _("Goes on in another ticket since %(stress)s"),
    }
    kind = "done" if ticket.status == Status.CLOSED else "ended"
    return Promise(kind, sentences[Status(ticket.status)], moment(ticket.closed_at), ticket.closed_at)
