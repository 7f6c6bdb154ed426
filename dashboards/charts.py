"""The charts: each answers a question, has the table behind it, and knows where a click leads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dashboards import blocks, wording
from dashboards.breakdowns import HOURS_A_SLOT
from dashboards.facts import Facts
from dashboards.finding import GOAL
from dashboards.formulae import AGES, SMALL, WAITS, Share
from dashboards.tables import Table
from dashboards.wording import length, number, share
from sla.vocabulary import Metric
from tickets.vocabulary import Tier

WEEK_OLD = 3  # AGES from this one on are older than a week
TONES = {Tier.URGENT: "urgent", Tier.GENERAL: "general", Tier.CONSULTATION: "consult"}
SHOWN_MODULES = 8


@dataclass(frozen=True)
class Chart:
    """A question, its answer in a sentence, what the axes are, and the data as the script draws them.

    `data` has `kind` (`lines`, `bars`, `stack`, `rows` or `heat`), `labels`, `series` of name, tone and values,
    and `links` and maybe `notes` for each series and label.
    """

    table: Table
    answer: str
    about: str
    data: dict[str, Any]

    @property
    def code(self) -> str:
        """Its name in the page."""
        return self.table.code

    @property
    def question(self) -> str:
        """Its title."""
        return self.table.title

    @property
    def is_empty(self) -> bool:
        """There is nothing to draw."""
        return not any(value for series in self.data["series"] for value in series["values"] if value)


def charts(facts: Facts) -> list[Chart]:
    """All of them, in the order of the page."""
    builders: Sequence[Callable[[Facts], Chart]] = (
        _attainment, _hours, _waits, _flow, _ages, _recommendations,
    )  # fmt: skip
    return [build(facts) for build in builders]


def _series(
    name: object, tone: str, values: Sequence[float | None], links: Sequence[str] = ()
) -> dict[str, Any]:
    return {"name": str(name), "tone": tone, "values": list(values), "links": list(links)}


def _labels(facts: Facts) -> list[str]:
    return [wording.piece(bucket, facts.period.step) for bucket in facts.period.buckets()]


def _attainment(facts: Facts) -> Chart:
    pieces = [(bucket, facts.attainment[bucket.key]) for bucket in facts.period.buckets()]
    series = []
    for tier in Tier:
        if not facts.now.sla[Metric.FIRST_RESPONSE][tier].n:
            continue
        values = [piece[tier].value for _bucket, piece in pieces]
        drawn = [None if value is None else round(100 * value, 1) for value in values]
        links = [
            facts.behind("first-response", blocks.of_piece(facts, bucket), tier=tier.value)
            for bucket, _piece in pieces
        ]
        one = _series(tier.label, TONES[tier], drawn, links)
        series.append({**one, "notes": [f"n = {number(piece[tier].n)}" for _bucket, piece in pieces]})
    goal = {"value": 100 * GOAL, "name": f"{GOAL:.0%}"}
    return Chart(
        table=blocks.attainment(facts),
        answer=_kept(facts),
        about=_("Share in time %(step)s, %%, by the date it ended or fell due")
        % {"step": wording.step_name(facts.period.step)},
        data={"kind": "lines", "labels": _labels(facts), "series": series, "goal": goal, "unit": "%"},
    )


def _kept(facts: Facts) -> str:
    tiers = facts.now.sla[Metric.FIRST_RESPONSE]
    judged = {tier: tiers[tier].value or 0.0 for tier in Tier if tiers[tier].n >= SMALL}
    if not judged:
        n = facts.now.attainment(Metric.FIRST_RESPONSE).n
        return _("Too few to say: n = %(n)s.") % {"n": number(n)} if n else _("Nothing has fallen due yet.")
    below = [tier for tier, value in judged.items() if value < GOAL]
    if not below:
        return _("Yes, in at least %(goal)s of the cases in every tier.") % {"goal": f"{GOAL:.0%}"}
    named = [f"{tier.label} {share(judged[tier])}" for tier in below]
    return _("Not everywhere: %(tiers)s.") % {"tiers": wording.joined(named)}


def _hours(facts: Facts) -> Chart:
    slots = 24 // HOURS_A_SLOT
    total = sum(facts.hours.values())
    cells = [[facts.hours.get((day, slot), 0) for slot in range(slots)] for day in range(1, 8)]
    series = [_series(wording.weekday(day), "breach", cells[day - 1]) for day in range(1, 8)]
    return Chart(
        table=blocks.hours(facts),
        answer=_worst_hour(facts, total),
        about=_("Broken first-response promises by weekday and hour they fell due, n = %(n)s")
        % {"n": number(total)},
        data={
            "kind": "heat",
            "labels": [f"{slot * HOURS_A_SLOT:02d}" for slot in range(slots)],
            "series": series,
            "link": facts.behind("first-response", part="breached"),
        },
    )


def _worst_hour(facts: Facts, total: int) -> str:
    if total == 0:
        return _("Never: no first response was late.")
    if total < SMALL:
        return _("Too few to say: n = %(n)s.") % {"n": number(total)}
    day, slot = max(facts.hours, key=lambda key: (facts.hours[key], key))
    return _("Most of all on %(day)s, %(slot)s o'clock.") % {
        "day": wording.weekday(day),
        "slot": wording.slot(slot, HOURS_A_SLOT),
    }


def _waits(facts: Facts) -> Chart:
    found = facts.now.first_response_time
    answer = _("Half within %(median)s, nine in ten within %(p90)s.") % {
        "median": length(found.median_seconds),
        "p90": length(found.p90_seconds),
    }
    links = [facts.behind("first-response-time", wait=wait.code) for wait in WAITS]
    return Chart(
        table=blocks.waits(facts),
        answer=answer if found.n else _("Nobody has been answered yet."),
        about=_("Tickets by time from filing to the first public reply, n = %(n)s") % {"n": number(found.n)},
        data={
            "kind": "bars",
            "labels": [wording.bin_name(wait) for wait in WAITS],
            "series": [_series(_("Tickets"), "accent", facts.waits, links)],
        },
    )


def _flow(facts: Facts) -> Chart:
    buckets = facts.period.buckets()
    pairs = [facts.flow[bucket.key] for bucket in buckets]
    pieces = [blocks.of_piece(facts, bucket) for bucket in buckets]
    filed = _series(
        _("Tickets filed"),
        "mid",
        [pair[0] for pair in pairs],
        [facts.behind("opened", piece) for piece in pieces],
    )
    resolved = _series(
        _("Tickets resolved"),
        "accent",
        [pair[1] for pair in pairs],
        [facts.behind("resolved", piece) for piece in pieces],
    )
    return Chart(
        table=blocks.flow(facts),
        answer=_kept_up(facts.now.opened, facts.now.resolved),
        about=_("Tickets filed and resolved %(step)s") % {"step": wording.step_name(facts.period.step)},
        data={"kind": "bars", "labels": _labels(facts), "series": [filed, resolved]},
    )


def _kept_up(filed: int, resolved: int) -> str:
    if filed > resolved:
        return _("No: %(n)s more filed than resolved.") % {"n": number(filed - resolved)}
    if filed < resolved:
        return _("Yes: %(n)s more resolved than filed.") % {"n": number(resolved - filed)}
    return _("As many were resolved as filed.") if filed else _("Nothing was filed or resolved.")


def _ages(facts: Facts) -> Chart:
    total, old = facts.now.backlog, sum(facts.ages[WEEK_OLD:])
    answer = _("%(old)s of %(total)s are older than a week.") % {"old": number(old), "total": number(total)}
    links = [facts.behind("backlog", age=age.code) for age in AGES]
    return Chart(
        table=blocks.ages(facts),
        answer=answer if total else _("Nothing is open."),
        about=_("Open tickets by age, n = %(n)s") % {"n": number(total)},
        data={
            "kind": "bars",
            "labels": [wording.bin_name(age) for age in AGES],
            "series": [_series(_("Tickets"), "accent", facts.ages, links)],
        },
    )


def _recommendations(facts: Facts) -> Chart:
    buckets = facts.period.buckets()
    found = [facts.recommendations[bucket.key] for bucket in buckets]
    pieces = [blocks.of_piece(facts, bucket) for bucket in buckets]
    kinds = (
        ("promoters", _("Promoters 9–10"), "accent"),
        ("passives", _("Passives 7–8"), "mid"),
        ("detractors", _("Detractors 0–6"), "ink"),
    )
    series = [
        _series(
            name,
            tone,
            [getattr(one, kind) for one in found],
            [facts.behind("nps", piece, part=kind) for piece in pieces],
        )
        for kind, name, tone in kinds
    ]
    return Chart(
        table=blocks.recommendations(facts),
        answer=_recommended(facts),
        about=_("Answers %(step)s, n = %(n)s")
        % {"step": wording.step_name(facts.period.step), "n": number(facts.now.nps.n)},
        data={"kind": "stack", "labels": _labels(facts), "series": series},
    )


def _recommended(facts: Facts) -> str:
    nps = facts.now.nps
    if nps.n == 0:
        return _("Nobody has answered yet.")
    if nps.n < SMALL:
        return _("Too few to say: n = %(n)s.") % {"n": number(nps.n)}
    return _("%(promoters)s promote, %(detractors)s advise against us.") % {
        "promoters": share(Share(nps.promoters, nps.n).value),
        "detractors": share(Share(nps.detractors, nps.n).value),
    }


def modules_chart(facts: Facts) -> Chart:
    """Tickets by module, most first."""
    rows = facts.modules[:SHOWN_MODULES]
    names = [row.about.name if row.about else _("not said") for row in rows]
    links = [facts.behind("opened", module=row.about.code if row.about else "none") for row in rows]
    return Chart(
        table=blocks.modules(facts),
        answer=_heaviest(facts),
        about=_("Tickets filed by module, n = %(n)s") % {"n": number(facts.now.opened)},
        data={
            "kind": "rows",
            "labels": names,
            "series": [_series(_("Tickets"), "accent", [row.now for row in rows], links)],
        },
    )


def _heaviest(facts: Facts) -> str:
    if not facts.modules:
        return _("Nothing was filed.")
    first = next((row for row in facts.modules if row.about), None)
    if first is None:
        return _("None of them says its module.")
    return _("Most from %(module)s: %(share)s.") % {
        "module": first.about.name,
        "share": share(Share(first.now, facts.now.opened).value),
    }
