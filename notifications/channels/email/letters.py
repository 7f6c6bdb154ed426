"""What letters say. Called with the recipient's language and time zone active."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import words
from notifications.channels.email.digest import digest
from notifications.channels.email.letter import Button, Letter, Row, address
from notifications.models import Delivery
from notifications.vocabulary import GROUPED, Kind
from sla.models import Clock
from sla.vocabulary import ClockState, Metric
from surveys.models import Invitation, Solved
from surveys.tokens import token_for
from tickets.models import Message, MessageKind, Ticket
from tickets.vocabulary import Status


def letter_of(deliveries: Sequence[Delivery]) -> Letter:
    """The letter that `deliveries`, all to one person, make up together."""
    first = deliveries[0]
    if len(deliveries) > 1:
        return _alerts(deliveries)
    return _LETTERS[Kind(first.kind)](first)


def _ticket(delivery: Delivery) -> Ticket:
    assert delivery.ticket is not None  # noqa: S101 (every kind but the digest is about a ticket)
    return delivery.ticket


def _subject(delivery: Delivery, headline: str) -> str:
    ticket = _ticket(delivery)
    return f"[{ticket.number}] {headline} · {ticket.subject}"


def _open(ticket: Ticket, label: str) -> tuple[Button, ...]:
    return (Button(label, address(ticket.get_absolute_url())),)


def _about(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """What a ticket is, for whoever knows nothing of it yet."""
    organisation = ticket.organisation.label if ticket.organisation else ""
    product = " · ".join(str(part) for part in (ticket.product, ticket.module) if part)
    more = (
        (_("Organisation"), organisation),
        (_("Product"), product),
        (_("Tier"), ticket.get_tier_display()),
    )
    return _named(ticket) + tuple(fact for fact in more if fact[1])


def _named(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    return ((_("Ticket"), f"{ticket.number} {ticket.subject}"),)


# --- to customers ---------------------------------------------------------------------------------------


def _received(delivery: Delivery) -> Letter:
    ticket = _ticket(delivery)
    # A letter that comes after the answer, or too late, promises nothing.
    clock = Clock.objects.filter(
        ticket=ticket, metric=Metric.FIRST_RESPONSE, state=ClockState.RUNNING, breached_at=None
    ).first()
    promise: tuple[tuple[str, str], ...] = ()
    lead = _("Thank you. You can follow every step on the ticket's page.")
    if clock is not None:
        promise = ((_("We answer by"), words.dated(clock.due_at)),)
        lead = _("Thank you. We answer by %(moment)s at the latest.") % {"moment": words.dated(clock.due_at)}
    headline = _("We have your ticket")
    return Letter(
        subject=_subject(delivery, headline),
        heading=headline,
        lead=lead,
        facts=_about(ticket) + promise,
        buttons=_open(ticket, _("See the ticket")),
        note=_answer_there(),
    )


def _answered(delivery: Delivery) -> Letter:
    ticket = _ticket(delivery)
    return Letter(
        subject=_subject(delivery, _("We answered")),
        heading=words.line(delivery, moment=words.dated),
        quote=_said(delivery),
        facts=_named(ticket),
        buttons=_open(ticket, _("Read and answer")),
        note=_answer_there(),
    )


def _resolved(delivery: Delivery) -> Letter:
    ticket = _ticket(delivery)
    lead = ""
    if ticket.status == Status.RESOLVED and ticket.resolved_at is not None:
        until = words.dated(ticket.resolved_at + settings.AUTO_CLOSE_AFTER)
        lead = _(
            "Please confirm, or say what is still wrong. With no word by %(moment)s we take it as solved."
        )
        lead %= {"moment": until}
    return Letter(
        subject=_subject(delivery, _("Resolved, please confirm")),
        heading=words.line(delivery, moment=words.dated),
        lead=lead,
        quote=ticket.resolution,
        facts=_named(ticket),
        buttons=_open(ticket, _("Confirm, or say what is wrong")),
        note=_answer_there(),
    )


def _cancelled(delivery: Delivery) -> Letter:
    ticket = _ticket(delivery)
    return Letter(
        subject=_subject(delivery, _("Cancelled")),
        heading=words.line(delivery, moment=words.dated),
        lead=_("If you still need help, write on the ticket's page: a new ticket linked to it is opened."),
        facts=_about(ticket),
        buttons=_open(ticket, _("See the ticket")),
        note=_answer_there(),
    )


def _answer_there() -> str:
    return _("Please answer on the ticket's page: answers to this mail reach nobody.")


def _survey(delivery: Delivery) -> Letter:
    ticket = _ticket(delivery)
    invitation = Invitation.objects.get(pk=delivery.data["invitation"])
    link = address(reverse("survey", args=[token_for(invitation.pk)]))
    notes = [_("The link for your browser:"), link]
    if invitation.expires_at is not None:
        notes.append(_("It is valid until %(moment)s.") % {"moment": words.dated(invitation.expires_at)})
    headline = _("Did we solve your problem?")
    if delivery.kind == Kind.SURVEY_REMINDER:
        headline = _("A reminder: did we solve your problem?")
    return Letter(
        subject=_subject(delivery, headline),
        heading=headline,
        lead=_("Half a minute will do. A click only opens the questionnaire; it counts once you send it."),
        facts=_named(ticket),
        buttons=tuple(Button(str(choice.label), f"{link}?solved={choice.value}") for choice in Solved),
        note=" ".join(notes),
    )


# --- to staff -------------------------------------------------------------------------------------------


def _to_staff(delivery: Delivery) -> Letter:
    ticket = _ticket(delivery)
    return Letter(
        subject=_subject(delivery, _headline(delivery)),
        heading=words.line(delivery, moment=words.dated),
        quote=_said(delivery),
        facts=_about(ticket),
        buttons=_open(ticket, _("Open the ticket")),
    )


def _headline(delivery: Delivery) -> str:
    if delivery.kind not in GROUPED:
        return str(Kind(delivery.kind).label)
    metric = {"metric": Metric(delivery.data["metric"]).label}
    if delivery.kind == Kind.CLOCK_BREACHED:
        return _("%(metric)s overdue") % metric
    return _("%(metric)s about to fall due") % metric


def _said(delivery: Delivery) -> str:
    """The public message the letter is about; nothing else is ever quoted."""
    public = Message.objects.filter(
        pk=delivery.data.get("message"), ticket=delivery.ticket, kind=MessageKind.PUBLIC
    )
    return public.values_list("body", flat=True).first() or ""


def _reopened(delivery: Delivery) -> Letter:
    if delivery.data.get("reason"):
        return _to_staff(delivery)
    ticket = _ticket(delivery)
    return Letter(
        subject=_subject(delivery, _("Reopened")),
        heading=words.line(delivery, moment=words.dated),
        facts=_about(ticket),
        buttons=_open(ticket, _("See the ticket")),
        note=_answer_there(),
    )


def _alerts(deliveries: Sequence[Delivery]) -> Letter:
    """Many promises, one line each: the broken ones first, each part by what falls due first."""
    ordered = sorted(deliveries, key=lambda d: (d.kind != Kind.CLOCK_BREACHED, words.due_at(d), d.pk))
    broken = sum(delivery.kind == Kind.CLOCK_BREACHED for delivery in ordered)
    headline = _counted(broken, len(ordered) - broken)
    return Letter(
        subject=_("LedgerDesk: %(headline)s") % {"headline": headline},
        heading=headline,
        rows=tuple(_row(delivery) for delivery in ordered),
        buttons=(Button(_("Open the board"), address(reverse("board"))),),
    )


def _counted(broken: int, warned: int) -> str:
    counts = {"broken": broken, "warned": warned}
    if not warned:
        return _("%(broken)d overdue") % counts
    if not broken:
        return _("%(warned)d about to fall due") % counts
    return _("%(broken)d overdue, %(warned)d about to fall due") % counts


def _row(delivery: Delivery) -> Row:
    ticket = _ticket(delivery)
    organisation = ticket.organisation.label if ticket.organisation else ""
    parts = (words.line(delivery, moment=words.dated), ticket.get_tier_display(), organisation)
    url = address(ticket.get_absolute_url())
    return Row(ticket.number, ticket.subject, " · ".join(part for part in parts if part), url)


_LETTERS: dict[Kind, Callable[[Delivery], Letter]] = {
    Kind.TICKET_RECEIVED: _received,
    Kind.STAFF_REPLIED: _answered,
    Kind.TICKET_RESOLVED: _resolved,
    Kind.TICKET_CANCELLED: _cancelled,
    Kind.TICKET_REOPENED: _reopened,
    Kind.SURVEY: _survey,
    Kind.SURVEY_REMINDER: _survey,
    Kind.TICKET_ASSIGNED: _to_staff,
    Kind.CUSTOMER_REPLIED: _to_staff,
    Kind.WATCHED: _to_staff,
    Kind.DIGEST: digest,
    Kind.CLOCK_WARNING: _to_staff,
    Kind.CLOCK_BREACHED: _to_staff,
}
