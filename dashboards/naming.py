"""What figures and their parts are called."""

from django.utils.translation import gettext as _


def figure_name(figure: str) -> str:
    """A figure of `drilldown.FIGURES`."""
    return {
        "fcr": _("First-contact resolution"),
        "nps": _("Net promoter score"),
        "csat": _("Satisfaction"),
        "response-rate": _("Response rate"),
        "first-response": _("First responses in time"),
        "next-response": _("Further answers in time"),
        "resolution": _("Resolutions in time"),
        "first-response-time": _("Time to first response"),
        "resolution-time": _("Time to resolve"),
        "opened": _("Tickets filed"),
        "resolved": _("Tickets resolved"),
        "backlog": _("Backlog"),
        "one-team": _("Stayed with one team"),
    }[figure]


def part_name(part: str) -> str:
    """A part of one."""
    return {
        "all": _("All"),
        "sufficed": _("At first contact"),
        "misses": _("Not at first contact"),
        "provisional": _("Provisional"),
        "promoters": _("Promoters 9–10"),
        "passives": _("Passives 7–8"),
        "detractors": _("Detractors 0–6"),
        "satisfied": _("Gave 4–5"),
        "unsatisfied": _("Gave 1–3"),
        "answered": _("Answered"),
        "unanswered": _("Not answered"),
        "met": _("Kept"),
        "breached": _("Broken"),
        "stayed": _("Stayed"),
        "handed-over": _("Handed over"),
    }[part]


def moment_name(figure: str) -> str:
    """What the date of a row is the date of."""
    return {
        "fcr": _("Resolved on"),
        "nps": _("Answered on"),
        "csat": _("Answered on"),
        "response-rate": _("Sent on"),
        "first-response": _("Ended or due"),
        "next-response": _("Ended or due"),
        "resolution": _("Ended or due"),
        "first-response-time": _("First answer"),
        "resolution-time": _("Resolved on"),
        "opened": _("Filed on"),
        "resolved": _("Resolved on"),
        "backlog": _("Filed on"),
        "one-team": _("Filed on"),
    }[figure]
