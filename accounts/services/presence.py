"""When people work, and when they are away."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.availability import Week, wrong_spans
from accounts.models import Leave, LeaveKind, User, WorkingHours
from common.errors import InvalidInput
from common.text import clean_line

LONGEST_LEAVE = timedelta(days=366)
NOTE_LENGTH = 200


@transaction.atomic
def set_hours(*, user: User, week: Week, keeps_statutory_days: bool, by: User, at: datetime) -> WorkingHours:
    """Store somebody's hours: the spans of each weekday, Monday first, in minutes of the day.

    Raises InvalidInput (`week.0` … `week.6`) for hours that no day can have, (`week`) for a week without any:
    whoever is to get no tickets leaves the team's rotation instead.
    """
    if not any(week):
        raise InvalidInput({"week": [_("Enter the hours of one day at least. For an absence, add a leave.")]})
    wrong = {
        f"week.{weekday}": [_("These hours overlap, or an end is not after its start.")]
        for weekday, spans in enumerate(week)
        if wrong_spans(spans)
    }
    if wrong:
        raise InvalidInput(wrong)
    stored = [[list(span) for span in sorted(spans)] for spans in week]
    values = {
        "week": stored,
        "keeps_statutory_days": keeps_statutory_days,
        "updated_by": by,
        "updated_at": at,
    }
    hours, _made = WorkingHours.objects.update_or_create(user=user, defaults=values)
    return hours


@transaction.atomic
def add_leave(
    *, user: User, starts_at: datetime, ends_at: datetime, kind: str, note: str, by: User, at: datetime
) -> Leave:
    """Somebody is away from `starts_at` to `ends_at`, the end not included.

    Raises InvalidInput (`starts_at`, `ends_at`, `kind`, `note`) for what is backwards, over, longer than a year or
    within another leave of theirs.
    """
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    note = clean_line(note)
    wrong = _wrong(user, starts_at, ends_at, at)
    if kind not in LeaveKind.values:
        wrong["kind"] = [_("There is no “%(code)s” here.") % {"code": kind[:40]}]
    if len(note) > NOTE_LENGTH:
        wrong["note"] = [_("At most %(count)d characters, please.") % {"count": NOTE_LENGTH}]
    if wrong:
        raise InvalidInput(wrong)
    return Leave.objects.create(
        user=user, starts_at=starts_at, ends_at=ends_at, kind=kind, note=note, updated_by=by, updated_at=at
    )


def _wrong(user: User, starts_at: datetime, ends_at: datetime, at: datetime) -> dict[str, list[str]]:
    if ends_at <= starts_at:
        return {"ends_at": [_("The end has to come after the start.")]}
    if ends_at <= at:
        return {"ends_at": [_("This leave would be over already.")]}
    if ends_at - starts_at > LONGEST_LEAVE:
        return {"ends_at": [_("At most a year, please.")]}
    if user.leaves.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        return {"starts_at": [_("Another leave of theirs falls into this time.")]}
    return {}


@transaction.atomic
def end_leave(*, leave_id: int, by: User, at: datetime) -> None:
    """Take back a leave that has not begun, or end one that has; nothing where it is over or gone."""
    leave = Leave.objects.select_for_update(of=("self",)).filter(pk=leave_id, ends_at__gt=at).first()
    if leave is None:
        return
    if leave.starts_at >= at:
        leave.delete()
        return
    leave.ends_at, leave.updated_by, leave.updated_at = at, by, at
    leave.save()
