"""Which policy decides, and what it says. Pure: snapshots and facts in, terms out.

A snapshot (`PolicyVersion.data`) is
`{conditions: {organisation, contract_level, product, category, tier}, vendor_pauses, grace, repeats,
targets: [{tier, metric, within, calendar}], steps: [{share, metric, holder, team, leads, action}]}`;
times are in seconds, rows named by id, what is empty fits everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sla.vocabulary import BREACH, HALF, MOST


@dataclass(frozen=True)
class Facts:
    """What of a ticket decides about its policy. Rows by id."""

    tier: str
    organisation: int | None = None
    contract_level: str = ""
    product: int | None = None
    category: int | None = None


@dataclass(frozen=True)
class Told:
    """What happens at a share of the time: who is told, and what is done (a code of `Escalation`)."""

    share: int
    metric: str = ""
    holder: bool = True
    team: bool = False
    leads: bool = False
    action: str = ""


# What a policy does that names no milestones of its own (source: Enforcement on the product page).
USUAL = (Told(HALF), Told(MOST), Told(BREACH, leads=True))


@dataclass(frozen=True)
class Promised:
    """A target: so much working time on the calendar of that id."""

    within: timedelta
    calendar: int


@dataclass(frozen=True)
class Rules:
    """One version of a policy."""

    version: int
    conditions: Mapping[str, Any]
    targets: Mapping[tuple[str, str], Promised]
    steps: tuple[Told, ...]
    vendor_pauses: bool
    grace: timedelta
    repeats: bool

    def fits(self, facts: Facts) -> bool:
        """Whether the policy is for tickets like this one."""
        return all(getattr(facts, name) == wanted for name, wanted in self.conditions.items())

    def told_at(self, metric: str, share: int) -> Told:
        """What happens at that share; past the breach it is told again as the breach was, and nothing is done."""
        steps = self._steps(metric)
        if share in steps:
            return steps[share]
        broken = steps[BREACH]
        return Told(share, metric, holder=broken.holder, team=broken.team, leads=broken.leads)

    def shares(self, metric: str) -> tuple[int, ...]:
        """The shares at which something happens, in order; the breach is always one of them."""
        return tuple(sorted(self._steps(metric)))

    def _steps(self, metric: str) -> dict[int, Told]:
        # A step for this metric alone goes before one for all of them.
        own = sorted(self.steps or USUAL, key=lambda step: step.metric == metric)
        found = {step.share: step for step in own if step.metric in {"", metric}}
        return {BREACH: USUAL[-1], **found}


@dataclass(frozen=True)
class Terms:
    """What is promised for a metric: by which rules, and within what time on which calendar."""

    rules: Rules
    promised: Promised


def decide(book: Iterable[Rules], facts: Facts, metric: str) -> Terms | None:
    """The terms of the first policy in `book` that fits and names a target; None where nothing is promised."""
    for rules in book:
        promised = rules.targets.get((facts.tier, metric))
        if promised is not None and rules.fits(facts):
            return Terms(rules, promised)
    return None


def parse(version: int, data: Mapping[str, Any]) -> Rules:
    """The rules of a stored snapshot."""
    return Rules(
        version=version,
        conditions={name: value for name, value in data["conditions"].items() if value not in {None, ""}},
        targets={
            (each["tier"], each["metric"]): Promised(timedelta(seconds=each["within"]), each["calendar"])
            for each in data["targets"]
        },
        steps=_steps(data["steps"]),
        vendor_pauses=data["vendor_pauses"],
        grace=timedelta(seconds=data["grace"]),
        repeats=data["repeats"],
    )


def _steps(rows: Sequence[Mapping[str, Any]]) -> tuple[Told, ...]:
    return tuple(Told(**row) for row in rows)
