"""The headline figures as the page shows them: number, change, formula, n."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dashboards import naming, wording
from dashboards.facts import Facts
from dashboards.formulae import SMALL, Durations, comparable
from dashboards.wording import NOTHING, length, number, share, signed, span
from sla.vocabulary import Metric
from tickets.vocabulary import Tier


@dataclass(frozen=True)
class Piece:
    """A piece of a formula; one with an address leads to its tickets."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Change:
    """Against the period before: `up`, `down` or `flat`, by how much, and what it was.

    Without a direction there is nothing to compare, and `was` says why.
    """

    direction: str = ""
    amount: str = ""
    was: str = ""


@dataclass(frozen=True)
class Card:
    """One headline figure. `code` names it in addresses and its definition; `value` is exported raw."""

    code: str
    title: str
    shown: str
    value: float | None
    href: str
    formula: list[Piece]
    # None: the figure is a count itself.
    n: int | None
    change: Change
    unit: str = ""
    abbreviation: str = ""
    abbreviated: str = ""
    is_final: bool = False
    notes: list[list[Piece]] = field(default_factory=list)

    @property
    def rule(self) -> str:
        """The accountant's rule: double under a closed figure, single under a provisional one."""
        if self.value is None:
            return ""
        return "is-final" if self.is_final else "is-prov"

    @property
    def n_shown(self) -> str:
        """n as read; empty where the figure is a count itself."""
        return "" if self.n is None else number(self.n)

    @property
    def formula_text(self) -> str:
        """The formula in one piece."""
        return "".join(piece.text for piece in self.formula)


def rows(facts: Facts) -> list[list[Card]]:
    """Three rows of four."""
    return [
        [_fcr(facts), _nps(facts), _csat(facts), _promise(facts, Metric.FIRST_RESPONSE)],
        [
            _first_response_time(facts),
            _resolution_time(facts),
            _promise(facts, Metric.RESOLUTION),
            _response(facts),
        ],
        [_opened(facts), _resolved(facts), _backlog(facts), _one_team(facts)],
    ]


# --- change ---------------------------------------------------------------------------------------------


def _change(
    facts: Facts, now: float | None, before: float | None, n: tuple[int, int], **words: str
) -> Change:
    """`n` is of now and before; `words` are the amount as read and what the figure was."""
    if now is None or before is None:
        return Change()
    if not comparable(*n):
        return Change(was=_("n below %(small)d: not compared") % {"small": SMALL})
    return _told(facts, now - before, **words)


def _told(facts: Facts, change: float, *, amount: str, was: str) -> Change:
    before = f"{wording.days(facts.asked.compared.before, today=facts.today)} {was}"
    if amount == "0":
        return Change("flat", _("unchanged"), before)
    return Change("up" if change > 0 else "down", amount.lstrip("+−"), before)


def _of_shares(facts: Facts, now: float | None, before: float | None, n: tuple[int, int]) -> Change:
    points = signed(100 * ((now or 0) - (before or 0)), 1)
    amount = points if points == "0" else _("%(points)s points") % {"points": points}
    return _change(facts, now, before, n, amount=amount, was=share(before))


def _of_counts(facts: Facts, now: int, before: int) -> Change:
    return _told(facts, now - before, amount=signed(now - before), was=number(before))


# --- the twelve -----------------------------------------------------------------------------------------


def _fcr(facts: Facts) -> Card:
    now, before = facts.now.fcr, facts.before.fcr
    notes = []
    if now.provisional:
        text = _("%(n)s more whose 7 days are not over") % {"n": number(now.provisional)}
        notes.append([Piece(text, facts.behind("fcr", part="provisional"))])
    return Card(
        code="fcr",
        title=naming.figure_name("fcr"),
        abbreviation="FCR",
        abbreviated="first-contact resolution",
        shown=_percent(now.value),
        unit="%",
        value=now.value,
        href=facts.behind("fcr"),
        formula=[
            Piece(
                _("%(n)s at first contact") % {"n": number(now.numerator)},
                facts.behind("fcr", part="sufficed"),
            ),
            Piece(" ÷ "),
            Piece(_("%(n)s resolved") % {"n": number(now.denominator)}, facts.behind("fcr")),
        ],
        n=now.denominator,
        is_final=facts.is_over and not now.provisional,
        change=_of_shares(facts, now.value, before.value, (now.denominator, before.denominator)),
        notes=notes,
    )


def _nps(facts: Facts) -> Card:
    now, before = facts.now.nps, facts.before.nps
    points = signed((now.value or 0) - (before.value or 0))
    return Card(
        code="nps",
        title=naming.figure_name("nps"),
        abbreviation="NPS",
        abbreviated="net promoter score",
        shown=NOTHING if now.value is None else signed(now.value),
        value=now.value,
        href=facts.behind("nps"),
        formula=[
            Piece("("),
            Piece(_("%(n)s promoters") % {"n": number(now.promoters)}, facts.behind("nps", part="promoters")),
            Piece(" − "),
            Piece(
                _("%(n)s detractors") % {"n": number(now.detractors)}, facts.behind("nps", part="detractors")
            ),
            Piece(") ÷ "),
            Piece(_("%(n)s answers") % {"n": number(now.n)}, facts.behind("nps")),
        ],
        n=now.n,
        is_final=facts.is_over,
        change=_change(
            facts, now.value, before.value, (now.n, before.n), amount=points, was=signed(before.value or 0)
        ),
    )


def _csat(facts: Facts) -> Card:
    now, before = facts.now.csat, facts.before.csat
    notes = []
    if now.n > now.numerator:
        text = _("%(n)s gave 1–3") % {"n": number(now.n - now.numerator)}
        notes.append([Piece(text, facts.behind("csat", part="unsatisfied"))])
    return Card(
        code="csat",
        title=naming.figure_name("csat"),
        abbreviation="CSAT",
        abbreviated="customer satisfaction",
        shown=_percent(now.value),
        unit="%",
        value=now.value,
        href=facts.behind("csat"),
        formula=[
            Piece(_("%(n)s gave 4–5") % {"n": number(now.numerator)}, facts.behind("csat", part="satisfied")),
            Piece(" ÷ "),
            Piece(_("%(n)s answers") % {"n": number(now.n)}, facts.behind("csat")),
        ],
        n=now.n,
        is_final=facts.is_over,
        change=_of_shares(facts, now.value, before.value, (now.n, before.n)),
        notes=notes,
    )


def _promise(facts: Facts, metric: str) -> Card:
    now, before = facts.now.attainment(metric), facts.before.attainment(metric)
    first = metric == Metric.FIRST_RESPONSE
    code = "first-response" if first else "resolution"
    kept, broken = number(now.met), number(now.breached)
    tiers = [
        Piece(f"{tier.label} {share(facts.now.sla[metric][tier].value)}", facts.behind(code, tier=tier.value))
        for tier in Tier
        if facts.now.sla[metric][tier].n
    ]
    return Card(
        code=code,
        title=naming.figure_name(code),
        abbreviation="SLA",
        abbreviated="service level agreement",
        shown=_percent(now.value),
        unit="%",
        value=now.value,
        href=facts.behind(code),
        formula=[
            Piece(_("%(n)s kept") % {"n": kept}, facts.behind(code, part="met")),
            Piece(" ÷ ("),
            Piece(_("%(n)s kept") % {"n": kept}, facts.behind(code, part="met")),
            Piece(" + "),
            Piece(_("%(n)s broken") % {"n": broken}, facts.behind(code, part="breached")),
            Piece(")"),
        ],
        n=now.n,
        is_final=facts.is_over,
        change=_of_shares(facts, now.value, before.value, (now.n, before.n)),
        notes=[tiers] if tiers else [],
    )


def _first_response_time(facts: Facts) -> Card:
    return _time(
        facts, "first-response-time", facts.now.first_response_time, facts.before.first_response_time
    )


def _resolution_time(facts: Facts) -> Card:
    return _time(facts, "resolution-time", facts.now.resolution_time, facts.before.resolution_time)


def _time(facts: Facts, code: str, now: Durations, before: Durations) -> Card:
    shown, unit = span(now.median_seconds)
    change = length(abs((now.median_seconds or 0) - (before.median_seconds or 0)))
    same = now.median_seconds == before.median_seconds
    return Card(
        code=code,
        title=naming.figure_name(code),
        shown=shown,
        unit=unit,
        value=now.median_seconds,
        href=facts.behind(code),
        formula=[Piece(_("median of %(n)s") % {"n": number(now.n)}, facts.behind(code))],
        n=now.n,
        is_final=facts.is_over,
        change=_change(
            facts, now.median_seconds, before.median_seconds, (now.n, before.n),
            amount="0" if same else change, was=length(before.median_seconds),
        ),
        notes=[[Piece(_("90 %% within %(length)s") % {"length": length(now.p90_seconds)})]] if now.n else [],
    )  # fmt: skip


def _response(facts: Facts) -> Card:
    now, before = facts.now.response_rate, facts.before.response_rate
    notes = []
    if facts.now.unanswered_yet:
        text = _("%(n)s can still be answered") % {"n": number(facts.now.unanswered_yet)}
        notes.append([Piece(text, facts.behind("response-rate", part="unanswered"))])
    return Card(
        code="response-rate",
        title=naming.figure_name("response-rate"),
        shown=_percent(now.value),
        unit="%",
        value=now.value,
        href=facts.behind("response-rate"),
        formula=[
            Piece(
                _("%(n)s answered") % {"n": number(now.numerator)},
                facts.behind("response-rate", part="answered"),
            ),
            Piece(" ÷ "),
            Piece(_("%(n)s sent") % {"n": number(now.denominator)}, facts.behind("response-rate")),
        ],
        n=now.denominator,
        is_final=facts.is_over and not facts.now.unanswered_yet,
        change=_of_shares(facts, now.value, before.value, (now.denominator, before.denominator)),
        notes=notes,
    )


def _opened(facts: Facts) -> Card:
    now = facts.now.opened
    return Card(
        code="opened",
        title=naming.figure_name("opened"),
        shown=number(now),
        value=now,
        href=facts.behind("opened"),
        formula=[Piece(_("tickets filed in the period"))],
        n=None,
        is_final=facts.is_over,
        change=_of_counts(facts, now, facts.before.opened),
    )


def _resolved(facts: Facts) -> Card:
    now = facts.now.resolved
    return Card(
        code="resolved",
        title=naming.figure_name("resolved"),
        shown=number(now),
        value=now,
        href=facts.behind("resolved"),
        formula=[Piece(_("tickets resolved in it, each once"))],
        n=None,
        is_final=facts.is_over,
        change=_of_counts(facts, now, facts.before.resolved),
    )


def _backlog(facts: Facts) -> Card:
    now = facts.now.backlog
    words = _("tickets open when it ended") if facts.is_over else _("tickets open now")
    return Card(
        code="backlog",
        title=naming.figure_name("backlog"),
        shown=number(now),
        value=now,
        href=facts.behind("backlog"),
        formula=[Piece(words)],
        n=None,
        is_final=facts.is_over,
        change=_of_counts(facts, now, facts.before.backlog),
    )


def _one_team(facts: Facts) -> Card:
    now, before = facts.now.one_team, facts.before.one_team
    return Card(
        code="one-team",
        title=naming.figure_name("one-team"),
        shown=_percent(now.value),
        unit="%",
        value=now.value,
        href=facts.behind("one-team"),
        formula=[
            Piece(
                _("%(n)s never handed over") % {"n": number(now.numerator)},
                facts.behind("one-team", part="stayed"),
            ),
            Piece(" ÷ "),
            Piece(_("%(n)s filed with a team") % {"n": number(now.denominator)}, facts.behind("one-team")),
        ],
        n=now.denominator,
        is_final=facts.is_over,
        change=_of_shares(facts, now.value, before.value, (now.denominator, before.denominator)),
    )


def _percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f}"
