"""What the list behind a figure says of each row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.desk import duration, moment
from dashboards.drilldown import FIGURES, moment_of, ticket_of
from dashboards.formulae import HELD_AGAINST_FOR, Verdict, judge_first_contact
from sla.models import Clock
from surveys.models import Answer, Invitation
from surveys.scoring import DETRACTOR_TO, PROMOTER_FROM
from tickets.models import Channel, Resolution, Ticket


@dataclass(frozen=True)
class Line:
    """One row: the ticket, the instant that put it into the period, how it counts, a customer's own words."""

    ticket: Ticket
    moment: datetime
    said: str
    quote: str = ""


def line_of(figure: str, row: Any, *, at: datetime) -> Line:
    """A row of `figure` as a line of its list."""
    spec = FIGURES[figure]
    return Line(
        ticket=ticket_of(spec, row),
        moment=moment_of(spec, row),
        said=_SAID[figure](row, at),
        quote=row.comment if isinstance(row, Answer) else "",
    )


def _first_contact(row: Any, at: datetime) -> str:
    verdict = judge_first_contact(
        first_contact=row.first_contact,
        resolved_at=row.resolved_at,
        reopened_at=row.reopened_at,
        followed_up_at=row.followed_up_at,
        survey_no=row.survey_no,
        at=at,
    )
    if verdict == Verdict.PROVISIONAL:
        return _("provisional until %(moment)s") % {"moment": moment(row.resolved_at + HELD_AGAINST_FOR)}
    if verdict == Verdict.REOPENED:
        return _("reopened after %(length)s") % {"length": duration(row.reopened_at - row.resolved_at)}
    if verdict == Verdict.FOLLOWED_UP:
        length = duration(row.followed_up_at - row.resolved_at)
        return _("a follow-up came after %(length)s") % {"length": length}
    if verdict == Verdict.SURVEY_NO:
        return _("the questionnaire says it is not solved")
    return _("solved at first contact") if verdict == Verdict.SUFFICED else _("took more than one contact")


def _recommendation(row: Answer, at: datetime) -> str:
    score = row.recommend or 0
    if score >= PROMOTER_FROM:
        return _("%(score)d · promoter") % {"score": score}
    return (_("%(score)d · detractor") if score <= DETRACTOR_TO else _("%(score)d · passive")) % {
        "score": score
    }


def _satisfaction(row: Answer, at: datetime) -> str:
    return _("%(score)d of 5") % {"score": row.satisfaction or 0}


def _response(row: Invitation, at: datetime) -> str:
    if hasattr(row, "answer"):
        return _("answered %(moment)s") % {"moment": moment(row.answer.answered_at)}
    if row.expires_at is not None and row.expires_at >= at:
        return _("can be answered until %(moment)s") % {"moment": moment(row.expires_at)}
    return _("not answered")


def _promise(row: Clock, at: datetime) -> str:
    if row.stopped_at is None:
        return _("overdue for %(length)s") % {"length": duration(at - row.due_at)}
    if not row.breached:
        return _("kept with %(length)s to spare") % {"length": duration(row.due_at - row.stopped_at)}
    if row.stopped_at > row.due_at:
        return _("late by %(length)s") % {"length": duration(row.stopped_at - row.due_at)}
    return _("broken, as the source has it")


def _answered_after(row: Ticket, at: datetime) -> str:
    return duration((row.first_responded_at or at) - row.created_at)


def _resolved_after(row: Resolution, at: datetime) -> str:
    return duration(row.resolved_at - row.started_at)


def _open_for(row: Ticket, at: datetime) -> str:
    return _("filed %(length)s ago") % {"length": duration(at - row.created_at)}


def _came_by(row: Ticket, at: datetime) -> str:
    return str(Channel(row.channel).label)


def _handed_over(row: Ticket, at: datetime) -> str:
    if row.handovers == 0:
        return _("stayed with its team")
    times = ngettext("handed over %(count)d time", "handed over %(count)d times", row.handovers)
    return times % {"count": row.handovers}


_SAID: Mapping[str, Callable[[Any, datetime], str]] = {
    "fcr": _first_contact,
    "nps": _recommendation,
    "csat": _satisfaction,
    "response-rate": _response,
    "first-response": _promise,
    "next-response": _promise,
    "resolution": _promise,
    "first-response-time": _answered_after,
    "resolution-time": _resolved_after,
    "opened": _came_by,
    "resolved": _resolved_after,
    "backlog": _open_for,
    "one-team": _handed_over,
}
