"""The finding in words: clauses that make one sentence, the one to act on marked."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.models import reads_chinese
from dashboards.finding import GOAL, Kind, Statement
from dashboards.periods import Step
from dashboards.wording import number, share
from sla.vocabulary import Metric
from tickets.vocabulary import Tier


def clauses(statements: list[Statement], step: Step) -> list[tuple[str, bool]]:
    """Each clause with its mark of punctuation, and whether it is the strong one."""
    joiner, end = ("；", "。") if reads_chinese() else ("; ", ".")
    found = []
    for index, statement in enumerate(statements):
        text = _words(statement, step)
        mark = end if index == len(statements) - 1 else joiner
        found.append((f"{capfirst(text) if index == 0 else text}{mark}", statement.strong))
    return found


def _words(said: Statement, step: Step) -> str:
    plain = {
        Kind.QUIET: _("nothing was filed, resolved or due in this period"),
        Kind.FCR_UP: _("first-contact resolution is rising"),
        Kind.FCR_DOWN: _("first-contact resolution is falling"),
        Kind.NPS_UP: _("customers are more willing to recommend us"),
        Kind.NPS_DOWN: _("customers are less willing to recommend us"),
        Kind.KEPT: _("in every tier at least %(goal)s of the promises were kept") % {"goal": f"{GOAL:.0%}"},
    }
    if said.kind in plain:
        return plain[said.kind]
    if said.kind == Kind.FEW:
        return _few(said.attainment.n)
    if said.kind in {Kind.BROKEN, Kind.BROKEN_FOR}:
        return _broken(said, step)
    numbers = {"before": number(said.before), "now": number(said.now)}
    if said.kind == Kind.BACKLOG_UP:
        return _("the backlog has grown from %(before)s to %(now)s") % numbers
    return _("the backlog has shrunk from %(before)s to %(now)s") % numbers


def _few(n: int) -> str:
    if n == 0:
        return _("no promise has fallen due yet")
    text = ngettext(
        "only %(n)d promise has fallen due: too few for a judgement",
        "only %(n)d promises have fallen due in any tier: too few for a judgement",
        n,
    )
    return text % {"n": n}


def _broken(said: Statement, step: Step) -> str:
    words = {
        "tier": str(Tier(said.tier).label).lower(),
        "share": share(said.attainment.value),
        "goal": f"{GOAL:.0%}",
        "n": said.pieces,
    }
    if said.kind == Kind.BROKEN_FOR:
        text = {
            Step.DAY: _(
                "first responses to %(tier)s tickets have been below %(goal)s in time for %(n)d days running"
            ),
            Step.WEEK: _(
                "first responses to %(tier)s tickets have been below %(goal)s in time for %(n)d weeks running"
            ),
            Step.MONTH: _(
                "first responses to %(tier)s tickets have been below %(goal)s in time for %(n)d months running"
            ),
        }[step]
        return text % words
    if said.metric == Metric.FIRST_RESPONSE:
        return _("only %(share)s of the first responses to %(tier)s tickets came in time") % words
    if said.metric == Metric.NEXT_RESPONSE:
        return _("only %(share)s of the further answers to %(tier)s tickets came in time") % words
    return _("only %(share)s of the %(tier)s tickets were resolved in time") % words
