"""The only writer of a ticket's status.

The board's drag, the form, the API, mail, jobs: all come through `transition`. It locks the row, asks the
workflow table and the policies, sets the fields, appends history and publishes what happened, in one
transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from common.errors import InvalidInput, NotAllowed
from common.events import publish
from tickets import policies
from tickets.events import (
    TicketAssigned,
    TicketEnded,
    TicketHandedOver,
    TicketMoved,
    TicketReopened,
    TicketResolved,
    TicketTouched,
    TierChanged,
)
from tickets.models import Resolution, Ticket
from tickets.services.errors import ActionNotPossible, StaleVersion
from tickets.services.facts import first_contact_sufficed
from tickets.services.history import record
from tickets.services.mergeable import check_merge, no_such_ticket
from tickets.services.stepping import let_held_leave
from tickets.services.waking import wake
from tickets.vocabulary import Status, Tier
from tickets.workflow import ACTIONS, Action, Party, available

REQUIRED = {
    "assignee": gettext_lazy("Say who is to take it."),
    "team": gettext_lazy("Say which team is to take it."),
    "resolution": gettext_lazy("Say how it was solved; the customer reads this."),
    "reason": gettext_lazy("Say why, so that we can do better."),
    "tier": gettext_lazy("Say which tier."),
    "into": gettext_lazy("Say which ticket it goes on in, by its number."),
}
TEXT_LENGTH = 20_000


@dataclass(frozen=True)
class Inputs:
    """What an action may need besides its name; see `requires` and `accepts` of the workflow table."""

    assignee: User | None = None
    team: Team | None = None
    resolution: str = ""
    reason: str = ""
    tier: str = ""
    note: str = ""
    into: Ticket | None = None


@dataclass
class Change:
    """One transition under way: the locked ticket, who and when, and what to publish at its end."""

    ticket: Ticket
    action: Action
    actor: User | None
    at: datetime
    inputs: Inputs
    old_status: Status
    new_status: Status
    events: list[object] = field(default_factory=list)

    def log(self, what: str, old: Any, new: Any, **data: Any) -> None:
        """Append a history row for a field that changed."""
        record(
            ticket=self.ticket,
            at=self.at,
            actor=self.actor,
            event=self.action.code,
            field=what,
            old=old,
            new=new,
            data=data,
        )

    @property
    def common(self) -> dict[str, Any]:
        """The fields every ticket event carries."""
        return {
            "ticket_id": self.ticket.pk,
            "at": self.at,
            "actor_id": self.actor.pk if self.actor else None,
        }


@transaction.atomic
def transition(
    *,
    ticket_id: int,
    action: str,
    actor: User | None,
    at: datetime,
    version: int | None = None,
    inputs: Inputs | None = None,
) -> Ticket:
    """Take `action` on a ticket the actor may see, at the instant `at`; returns the changed ticket.

    `actor` None is the desk itself. `version` is what the caller saw; None skips the comparison (jobs).
    Raises StaleVersion, ActionNotPossible, NotAllowed or InvalidInput, and then changes nothing.
    """
    ticket, inputs = _locked(ticket_id, inputs or Inputs())
    if version is not None and version != ticket.version:
        raise StaleVersion(ticket)
    let_held_leave(ticket=ticket, actor=actor, at=at)
    change = permitted_change(ticket, action, actor, at, inputs)
    _require_inputs(change)
    for effect in _EFFECTS.get(action, ()):
        effect(change)
    _set_status(change)
    ticket.version += 1
    ticket.updated_at = at
    ticket.save()
    for event in change.events:
        publish(event)
    publish(TicketTouched(**change.common, what=action))
    return ticket


def _locked(ticket_id: int, inputs: Inputs) -> tuple[Ticket, Inputs]:
    """The ticket, and the one it is to be merged into as it stands now. By id, lest two wait for each other."""
    if inputs.into is None:
        return Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id), inputs
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in={ticket_id, inputs.into.pk})
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[ticket_id], replace(inputs, into=found[inputs.into.pk])


def permitted_change(ticket: Ticket, action: str, actor: User | None, at: datetime, inputs: Inputs) -> Change:
    """The change `action` would make. Raises ActionNotPossible or NotAllowed, as `transition` does."""
    capacity = policies.parties(actor, ticket) if actor else frozenset({Party.SYSTEM})
    found = ACTIONS.get(action)
    status = Status(ticket.status)
    if found is None or status not in found.moves:
        raise ActionNotPossible(ticket, [a.code for a in available(status, capacity)])
    if not found.parties & capacity:
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    return Change(ticket, found, actor, at, inputs, status, found.moves[status])


def _require_inputs(change: Change) -> None:
    missing = {
        name: [str(REQUIRED[name])]
        for name in change.action.requires
        if not _given(getattr(change.inputs, name))
    }
    too_long = {
        name: [_("At most %(count)d characters, please.") % {"count": TEXT_LENGTH}]
        for name in ("resolution", "reason", "note")
        if len(getattr(change.inputs, name)) > TEXT_LENGTH
    }
    if missing or too_long:
        raise InvalidInput(missing | too_long)


def _given(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _set_status(change: Change) -> None:
    if change.new_status == change.old_status:
        return
    change.ticket.status = change.new_status
    change.log("status", change.old_status, change.new_status, **_words(change))
    moved = TicketMoved(
        **change.common,
        action=change.action.code,
        old_status=change.old_status,
        new_status=change.new_status,
    )
    change.events.insert(0, moved)


def _words(change: Change) -> dict[str, str]:
    """What the person said: the reason, and a note that no effect of the action has put on record."""
    said = {"reason": change.inputs.reason.strip()}
    if "note" in change.action.accepts and change.action.code not in _EFFECTS:
        said["note"] = change.inputs.note.strip()
    return {name: text for name, text in said.items() if text}


# --- what an action does beside moving the ticket -------------------------------------------------------


def _set_assignee(change: Change, user: User | None) -> None:
    ticket = change.ticket
    new_id = user.pk if user else None
    if ticket.assignee_id == new_id:
        return
    note = change.inputs.note.strip()
    change.log("assignee", ticket.assignee_id, new_id, **({"note": note} if note else {}))
    ticket.assignee = user
    change.events.append(TicketAssigned(**change.common, assignee_id=new_id))


def _assign_to_actor(change: Change) -> None:
    _set_assignee(change, change.actor)


def _assign_to_actor_if_nobodys(change: Change) -> None:
    if change.ticket.assignee_id is None and change.actor is not None:
        _set_assignee(change, change.actor)


def _assign_to_chosen(change: Change) -> None:
    chosen = change.inputs.assignee
    if chosen is None or not chosen.works_in(change.ticket.team_id):
        raise InvalidInput({"assignee": [_("This person does not work in the ticket's team.")]})
    _set_assignee(change, chosen)


def _hand_over(change: Change) -> None:
    ticket, team = change.ticket, change.inputs.team
    if team is None or not team.is_active or team.pk == ticket.team_id:
        raise InvalidInput({"team": [_("Choose another team that is in use.")]})
    note = change.inputs.note.strip()
    change.log("team", ticket.team_id, team.pk, **({"note": note} if note else {}))
    change.events.append(TicketHandedOver(**change.common, old_team_id=ticket.team_id, new_team_id=team.pk))
    ticket.team = team
    ticket.handovers += 1
    _set_assignee(change, None)
    wake(team)


def _resolve(change: Change) -> None:
    ticket = change.ticket
    ticket.resolution = change.inputs.resolution.strip()
    ticket.resolved_at = change.at
    resolution = Resolution.objects.create(
        ticket=ticket,
        cycle=ticket.cycle,
        started_at=ticket.cycle_started_at,
        resolved_at=change.at,
        resolved_by=ticket.assignee or change.actor,
        team_id=ticket.team_id,
        first_contact=first_contact_sufficed(ticket),
    )
    change.log("resolution", None, ticket.resolution, cycle=ticket.cycle)
    change.events.append(TicketResolved(**change.common, resolution_id=resolution.pk, cycle=ticket.cycle))


def _reopen(change: Change) -> None:
    ticket = change.ticket
    ticket.resolutions.filter(cycle=ticket.cycle).update(reopened_at=change.at)
    ticket.cycle += 1
    ticket.cycle_started_at = change.at
    ticket.resolved_at = None
    ticket.closed_at = None
    if ticket.assignee_id is None:
        # Nobody to go on with it: somebody of the team has to take it again.
        change.new_status = Status.ASSIGNED
    change.log("cycle", ticket.cycle - 1, ticket.cycle)
    change.events.append(
        TicketReopened(**change.common, cycle=ticket.cycle, reason=change.inputs.reason.strip())
    )


def _end(change: Change) -> None:
    change.ticket.closed_at = change.at
    change.events.append(TicketEnded(**change.common, status=change.new_status))


def _set_tier(change: Change) -> None:
    ticket, tier = change.ticket, change.inputs.tier
    if tier not in Tier.values:
        raise InvalidInput({"tier": [_("There is no such tier.")]})
    if tier == ticket.tier:
        raise InvalidInput({"tier": [_("It has this tier already.")]})
    note = change.inputs.note.strip()[:300]
    change.log("tier", ticket.tier, tier, **({"note": note} if note else {}))
    change.events.append(TierChanged(**change.common, old_tier=ticket.tier, new_tier=tier))
    ticket.tier = tier
    ticket.tier_overridden_by = change.actor
    ticket.tier_override_note = note


def _merge(change: Change) -> None:
    ticket, into = change.ticket, change.inputs.into
    if into is None or change.actor is None:
        raise no_such_ticket()
    check_merge(source=ticket, into=into, actor=change.actor)
    ticket.merged_into = into
    # To somebody else of the organisation the other ticket may not be theirs to know of.
    public = ticket.requester_id == into.requester_id
    shared: dict[str, Any] = {"at": change.at, "actor": change.actor, "is_public": public}
    record(ticket=ticket, event="merge", field="merged_into", new=into.pk, **shared)
    record(ticket=into, event="took_in", field="merged", new=ticket.pk, **shared)
    touched = {**change.common, "ticket_id": into.pk}
    change.events.append(TicketTouched(**touched, what="took_in"))


_EFFECTS: dict[str, tuple[Callable[[Change], None], ...]] = {
    "take": (_assign_to_actor,),
    "start": (_assign_to_actor_if_nobodys,),
    "assign": (_assign_to_chosen,),
    "hand_over": (_hand_over,),
    "resolve": (_resolve,),
    "reject": (_reopen,),
    "reopen": (_reopen,),
    "confirm": (_end,),
    "close": (_end,),
    "cancel": (_end,),
    "merge": (_merge, _end),
    "set_tier": (_set_tier,),
}
assert set(_EFFECTS) <= set(ACTIONS)  # noqa: S101 (a typing slip here would silently do nothing)
