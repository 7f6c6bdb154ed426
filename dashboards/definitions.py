"""Every figure's formula in full, as the page states it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.formulae import SMALL


@dataclass(frozen=True)
class Definition:
    """A figure's name and how it is counted; `codes` are the cards it explains, the first one its anchor."""

    codes: tuple[str, ...]
    name: str
    text: str


def definitions(zone: str) -> list[Definition]:
    """All of them, in the order of the page; days are those of `zone`."""
    return [*_of_quality(), *_of_time(), *_of_amount(), _of_all(zone)]


def _of_quality() -> list[Definition]:
    return [
        Definition(
            ("fcr",),
            _("First-contact resolution"),
            _(
                "Of the tickets first resolved in the period, those with exactly one public reply by staff, or one "
                "logged call, up to the resolution, no word from the customer between the two, never handed to "
                "another team, not reopened and without a follow-up within 7 days, and whose questionnaire does not "
                "say “no”. A ticket "
                "counts once, by its first resolution. Until its 7 days are over it is provisional and in neither "
                "number. Tickets of which this cannot be told, such as imported ones without a team, are left out."
            ),
        ),
        Definition(
            ("nps",),
            _("Net promoter score"),
            _(
                "100 × (answers of 9–10 − answers of 0–6) ÷ all answers, by the date of the answer. "
                "7–8 are in the denominator only."
            ),
        ),
        Definition(
            ("csat",), _("Satisfaction"), _("Answers of 4–5 ÷ all answers, by the date of the answer.")
        ),
        Definition(
            ("response-rate",),
            _("Response rate"),
            _("Questionnaires answered ÷ sent, by the date of sending, whenever the answer came."),
        ),
    ]


def _of_time() -> list[Definition]:
    return [
        Definition(
            ("first-response", "resolution"),
            _("Promises in time"),
            _(
                "Kept ÷ (kept + broken), by the date the promise ended or fell due, whichever came first. One still "
                "running past its due moment is broken; one that is paused is not past it. A reopening begins a "
                "promise of its own. Tiers are pooled by adding their counts."
            ),
        ),
        Definition(
            ("first-response-time",),
            _("Time to first response"),
            _(
                "From filing to the first public message by a member of staff, of the tickets first answered in the "
                "period. All calendars are 24×7, so working time is time on the wall. Median and 90th percentile "
                "lie between the two nearest tickets in proportion."
            ),
        ),
        Definition(
            ("resolution-time",),
            _("Time to resolve"),
            _(
                "From filing, or from a reopening, to the resolution that followed, waiting for the customer "
                "included: every resolution of the period."
            ),
        ),
    ]


def _of_amount() -> list[Definition]:
    return [
        Definition(
            ("opened", "resolved"),
            _("Filed and resolved"),
            _("Tickets filed in the period; tickets resolved in it, each once however often it was."),
        ),
        Definition(
            ("backlog",),
            _("Backlog"),
            _(
                "Tickets neither resolved nor closed when the period ended, or now if it goes on, told from their "
                "filing, resolutions and reopenings. Their team and whoever holds them are today's."
            ),
        ),
        Definition(
            ("one-team",),
            _("Stayed with one team"),
            _("Of the tickets filed in the period that have a team, those never handed to another one."),
        ),
    ]


def _of_all(zone: str) -> Definition:
    text = _(
        "Cancelled, merged and spam tickets are in none of them. Days begin at midnight in %(zone)s. A resolution "
        "and its questionnaire belong to the team that resolved, everything else to the team that has the ticket "
        "now. Fewer than %(small)d are not compared."
    )
    return Definition((), _("All figures"), text % {"zone": zone, "small": SMALL})
