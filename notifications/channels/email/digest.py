"""The morning letter in words. Its tickets are read anew: what its reader may no longer see is not named."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Leave, User
from common.models import reads_chinese
from common.text import clean_line
from notifications import words
from notifications.channels.email.letter import Button, Letter, Part, Row, address
from notifications.models import Delivery
from sla.models import Clock
from sla.vocabulary import Metric
from surveys.models import Answer
from tickets.crew import open_by_tier
from tickets.models import Ticket
from tickets.standing_words import tickets_in_words

QUOTED = 120
TITLES: Mapping[str, Promise] = {
    "overdue": gettext_lazy("Yours and overdue"),
    "today": gettext_lazy("Yours and due today"),
    "waiting": gettext_lazy("Customers who have not answered you for three days"),
    "unassigned": gettext_lazy("Nobody's in your teams"),
    "broken": gettext_lazy("Promises your teams broke since the last working day"),
    "answers": gettext_lazy("Customers who would not recommend us"),
    "away": gettext_lazy("Away today"),
}
# Where all of a part are found; the others have a page of figures or none.
LISTS: Mapping[str, str] = {
    "overdue": "?status=open&assignee=me&sort=due",
    "today": "?status=open&assignee=me&sort=due",
    "waiting": "?status=waiting_customer&assignee=me",
    "unassigned": "?status=new,assigned&assignee=none",
}


def digest(delivery: Delivery) -> Letter:
    """The letter of one person's morning."""
    stored: Mapping[str, Any] = delivery.data["parts"]
    made = (
        (name, stored[name], _ROWS[name](stored[name]["ids"], delivery.person))
        for name in TITLES
        if name in stored
    )
    parts = tuple(_part(name, told["count"], rows) for name, told, rows in made if rows)
    heading = _("Good morning, %(name)s") % {"name": delivery.person.name}
    return Letter(
        subject=_("Your day at the desk: %(summary)s") % {"summary": _summary(stored)},
        heading=heading,
        parts=parts,
        buttons=(Button(_("Open the board"), address(reverse("board"))),),
        note=_("Whether and when this letter comes, you choose here: %(address)s")
        % {"address": address(reverse("notifications-settings"))},
    )


def _summary(stored: Mapping[str, Any]) -> str:
    """The two things somebody has to know first; what there is else, if there is none of them."""
    counts = {name: part["count"] for name, part in stored.items()}
    said = []
    if overdue := counts.get("overdue"):
        said.append(_("%(count)d overdue") % {"count": overdue})
    if today := counts.get("today"):
        said.append(_("%(count)d due today") % {"count": today})
    first = next(name for name in TITLES if name in stored)
    comma = "，" if reads_chinese() else ", "
    return comma.join(said) or _counted(first, counts[first])


def _counted(name: str, count: int) -> str:
    """A part's title with how many there are."""
    return f"{TITLES[name]}（{count}）" if reads_chinese() else f"{TITLES[name]} ({count})"


def _part(name: str, count: int, rows: tuple[Row, ...]) -> Part:
    title = _counted(name, count)
    left = count - len(rows)
    if name not in LISTS or left <= 0:
        return Part(title, rows)
    text = ngettext("%(count)d more", "%(count)d more", left) % {"count": left}
    return Part(title, rows, Button(text, address(reverse("tickets") + LISTS[name])))


def _tickets(ids: list[int], reader: User) -> tuple[Row, ...]:
    found = Ticket.objects.visible_to(reader).select_related("organisation").in_bulk(ids)
    return tuple(_ticket(found[pk], _due(found[pk])) for pk in ids if pk in found)


def _ticket(ticket: Ticket, text: str) -> Row:
    parts = (text, str(ticket.get_tier_display()), ticket.organisation.label if ticket.organisation else "")
    said = " · ".join(part for part in parts if part)
    return Row(ticket.number, ticket.subject, said, address(ticket.get_absolute_url()))


def _due(ticket: Ticket) -> str:
    if ticket.next_due_at is None:
        return ""
    return _("due %(moment)s") % {"moment": words.dated(ticket.next_due_at)}


def _broken(ids: list[int], reader: User) -> tuple[Row, ...]:
    visible = Ticket.objects.visible_to(reader).values("pk")
    clocks = Clock.objects.filter(pk__in=ids, ticket__in=visible).select_related("ticket__organisation")
    return tuple(_ticket(clock.ticket, _missed(clock)) for clock in clocks.order_by("breached_at", "pk"))


def _missed(clock: Clock) -> str:
    said = {"metric": Metric(clock.metric).label, "moment": words.dated(clock.due_at)}
    return _("%(metric)s was due %(moment)s") % said


def _answers(ids: list[int], reader: User) -> tuple[Row, ...]:
    visible = Ticket.objects.visible_to(reader).values("pk")
    asked = Answer.objects.filter(pk__in=ids, invitation__resolution__ticket__in=visible)
    found = asked.select_related("invitation__resolution__ticket__organisation")
    return tuple(
        _ticket(answer.invitation.resolution.ticket, _said(answer))
        for answer in found.order_by("answered_at", "pk")
    )


def _said(answer: Answer) -> str:
    score = _("%(score)d of 10") % {"score": answer.recommend or 0}
    comment = Truncator(clean_line(answer.comment)).chars(QUOTED)
    return f"{score} “{comment}”" if comment else score


def _away(ids: list[int], reader: User) -> tuple[Row, ...]:
    leaves = list(Leave.objects.filter(pk__in=ids).select_related("user").order_by("ends_at", "pk"))
    held = open_by_tier([leave.user_id for leave in leaves])
    return tuple(
        Row(leave.user.name, "", _until(leave, sum(held[leave.user_id].values())), address(reverse("team")))
        for leave in leaves
    )


def _until(leave: Leave, count: int) -> str:
    until = _("away until %(moment)s") % {"moment": words.dated(leave.ends_at)}
    return f"{until} · {tickets_in_words(count)}"


_ROWS: Mapping[str, Callable[[list[int], User], tuple[Row, ...]]] = {
    "overdue": _tickets,
    "today": _tickets,
    "waiting": _tickets,
    "unassigned": _tickets,
    "broken": _broken,
    "answers": _answers,
    "away": _away,
}
assert set(_ROWS) == set(TITLES)  # noqa: S101 (a part without words would fail only when somebody has it)
