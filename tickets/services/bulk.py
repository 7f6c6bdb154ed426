"""One step on many tickets: each by the ordinary service, in a transaction of its own.

A run is stored before anything is done, so that it can be left and gone on with, and sent twice is done once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from common.errors import DeskError, NotAllowed
from tickets.models import BulkItem, BulkRun, Outcome, Ticket
from tickets.models.bulk import NUMBER_LENGTH
from tickets.services.errors import ActionNotPossible, NothingToChange, StaleVersion
from tickets.services.merging import merge
from tickets.services.tagging import add_tag, remove_tag
from tickets.services.transition import Inputs, transition

log = structlog.get_logger(__name__)
MOST = 500
# How a refusal is told; the words are the error's own.
REFUSALS: Mapping[type[DeskError], Outcome] = {
    StaleVersion: Outcome.STALE,
    ActionNotPossible: Outcome.NOT_POSSIBLE,
    NotAllowed: Outcome.NOT_ALLOWED,
}


@dataclass(frozen=True)
class Chosen:
    """A ticket as a page showed it: its number, and the version; 0, which no ticket ever has, if it did not say."""

    number: str
    version: int


@transaction.atomic
def begin(
    *, owner: User, key: UUID, verb: str, inputs: Mapping[str, Any], chosen: Sequence[Chosen], at: datetime
) -> BulkRun:
    """Store what `owner` wants done with the `chosen`, at most 500; nothing is done yet.

    `inputs` holds ids of `assignee`, `team` and `into`, and words. The same key again is the run there is.
    """
    run, made = BulkRun.objects.get_or_create(
        owner=owner, key=key, defaults={"verb": verb, "inputs": dict(inputs), "created_at": at}
    )
    if made:
        BulkItem.objects.bulk_create(
            BulkItem(run=run, position=n, number=ticket.number[:NUMBER_LENGTH], version=ticket.version)
            for n, ticket in enumerate(chosen[:MOST])
        )
    return run


def go_on(*, run: BulkRun, at: datetime, count: int) -> None:
    """Do the next `count` of the run's tickets; what another request has under its hands is left to it."""
    for _each in range(count):
        if not _do_next(run, at):
            return


@transaction.atomic
def _do_next(run: BulkRun, at: datetime) -> bool:
    """Do one, and write down how it went, together; False when nothing is left."""
    pending = run.items.select_for_update(skip_locked=True, of=("self",)).filter(outcome=Outcome.PENDING)
    item = pending.order_by("position").first()
    if item is None:
        return False
    item.outcome, item.message = _tried(run, item, at)
    item.save(update_fields=["outcome", "message"])
    return True


def _tried(run: BulkRun, item: BulkItem, at: datetime) -> tuple[Outcome, str]:
    ticket = Ticket.objects.visible_to(run.owner).numbered(item.number).only("pk").first()
    if ticket is None:
        return Outcome.NOT_FOUND, ""
    try:
        _do(run, {"ticket_id": ticket.pk, "actor": run.owner, "at": at, "version": item.version})
    except NothingToChange as error:
        return Outcome.DONE, error.message
    except DeskError as error:
        return REFUSALS.get(type(error), Outcome.REFUSED), error.message
    except Exception:
        # One that always fails would keep the others waiting for ever.
        log.exception("bulk_item_failed", run=run.pk, number=item.number)
        return Outcome.REFUSED, _("Something went wrong on our side; nothing was changed.")
    return Outcome.DONE, ""


@transaction.atomic
def _do(run: BulkRun, step: dict[str, Any]) -> None:
    if run.verb in {"tag", "untag"}:
        change = add_tag if run.verb == "tag" else remove_tag
        change(tag=run.inputs["tag"], **step)
    elif run.verb == "merge":
        merge(source_id=step.pop("ticket_id"), into_id=run.inputs["into"], **step)
    else:
        transition(action=run.verb, inputs=_inputs(run.inputs), **step)


def _inputs(stored: Mapping[str, Any]) -> Inputs:
    """What the transition takes; who or what is gone meanwhile is missing, and the service says so."""
    given = dict(stored)
    if "assignee" in given:
        given["assignee"] = User.objects.filter(pk=given["assignee"]).first()
    if "team" in given:
        given["team"] = Team.objects.filter(pk=given["team"]).first()
    return Inputs(**given)
