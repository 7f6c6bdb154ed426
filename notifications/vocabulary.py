"""The words of notices."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The job that sends letters, by the name a worker knows it by.
DELIVER = "notifications.tasks.deliver_pending"


class Kind(TextChoices):
    """What a notice is about."""

    TICKET_OPENED = "ticket_opened", _("New ticket")
    TICKET_RECEIVED = "ticket_received", _("We have your ticket")
    TICKET_ASSIGNED = "ticket_assigned", _("Assigned to you")
    TICKET_HANDED_OVER = "ticket_handed_over", _("Handed to your team")
    STAFF_REPLIED = "staff_replied", _("We answered")
    CUSTOMER_REPLIED = "customer_replied", _("The customer wrote")
    NOTE_WRITTEN = "note_written", _("Internal note")
    TICKET_RESOLVED = "ticket_resolved", _("Resolved, please confirm")
    TICKET_REOPENED = "ticket_reopened", _("Reopened")
    TICKET_CLOSED = "ticket_closed", _("Closed")
    TICKET_CANCELLED = "ticket_cancelled", _("Cancelled")
    REPLY_NOT_LEFT = "reply_not_left", _("Your reply did not leave")
    CLOCK_WARNING = "clock_warning", _("A promise is about to fall due")
    CLOCK_BREACHED = "clock_breached", _("A promise was broken")
    WATCHED = "watched", _("On a ticket you watch")
    SURVEY = "survey", _("How did we do?")
    SURVEY_REMINDER = "survey_reminder", _("How did we do? A reminder")
    DIGEST = "digest", _("Morning letter")


class Outlet(TextChoices):
    """The ways out of the house; the folders of `notifications.channels`."""

    EMAIL = "email", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")
    ROBOT = "robot", _("Chat robot")


# Where other systems hear of tickets, not people.
TO_SYSTEMS = (Outlet.WEBHOOK, Outlet.ROBOT)


class TargetKind(TextChoices):
    """What kind of system hears of tickets."""

    WEBHOOK = "webhook", _("Webhook")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"


# Chat robots.
ROBOTS = tuple(kind for kind in TargetKind if kind != TargetKind.WEBHOOK)
# Those that sign what they are told, if the platform gave a secret.
SIGNING = frozenset({TargetKind.DINGTALK, TargetKind.FEISHU})


# What other systems may hear of, in the words of their settings. Nothing that stays inside the house.
FOR_SYSTEMS: dict[str, Promise] = {
    Kind.TICKET_OPENED: _("A ticket was filed"),
    Kind.TICKET_ASSIGNED: _("It was given to somebody, or taken from everybody"),
    Kind.TICKET_HANDED_OVER: _("Another team has it"),
    Kind.CUSTOMER_REPLIED: _("The customer wrote"),
    Kind.STAFF_REPLIED: _("The desk answered"),
    Kind.TICKET_RESOLVED: _("It was resolved"),
    Kind.TICKET_REOPENED: _("It was reopened"),
    Kind.TICKET_CLOSED: _("It was closed"),
    Kind.TICKET_CANCELLED: _("It was cancelled"),
    Kind.CLOCK_WARNING: _("A promise is about to fall due"),
    Kind.CLOCK_BREACHED: _("A promise was broken"),
}


# Alerts that come in swarms: those of one person leave together, one line each.
GROUPED = frozenset({Kind.CLOCK_WARNING, Kind.CLOCK_BREACHED})


# Letters with the link of a questionnaire.
SURVEYS = frozenset({Kind.SURVEY, Kind.SURVEY_REMINDER})


class DeliveryState(TextChoices):
    """What became of a delivery."""

    PENDING = "pending", _("To be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    DROPPED = "dropped", _("Not sent")


class Way(TextChoices):
    """How somebody is told."""

    APP = "app", _("In the app")
    EMAIL = "email", _("By e-mail")


class Group(TextChoices):
    """What people choose about. What belongs to none of these (the receipt) always comes."""

    NEW_TICKET = "new_ticket", _("New tickets of my teams, and those handed over to them")
    ASSIGNED = "assigned", _("Tickets assigned to me")
    CUSTOMER = "customer", _("The customer wrote, reopened or ended a ticket")
    NOTE = "note", _("Internal notes on my tickets")
    WARNING = "warning", _("Promises about to fall due")
    BREACH = "breach", _("Broken promises")
    ANSWER = "answer", _("We answered you")
    PROGRESS = "progress", _("A ticket was resolved, reopened or ended")
    WATCHED = "watched", _("Tickets I watch")
    SURVEY = "survey", _("Questionnaires")
    DIGEST = "digest", _("A letter each working morning: what is due, waiting and nobody's")


_BOTH = (Way.APP, Way.EMAIL)
# What is offered to whom, in this order, and by which ways it comes at all.
FOR_STAFF: dict[Group, tuple[Way, ...]] = {
    Group.NEW_TICKET: (Way.APP,),
    Group.ASSIGNED: _BOTH,
    Group.CUSTOMER: _BOTH,
    Group.NOTE: (Way.APP,),
    Group.WATCHED: _BOTH,
    Group.WARNING: _BOTH,
    Group.BREACH: _BOTH,
    Group.DIGEST: (Way.EMAIL,),
}
FOR_CUSTOMERS: dict[Group, tuple[Way, ...]] = {
    Group.ANSWER: _BOTH,
    Group.PROGRESS: _BOTH,
    Group.WATCHED: _BOTH,
    Group.SURVEY: (Way.EMAIL,),
}
_STAFF_GROUPS: dict[str, Group] = {
    Kind.TICKET_OPENED: Group.NEW_TICKET,
    Kind.TICKET_HANDED_OVER: Group.NEW_TICKET,
    Kind.TICKET_ASSIGNED: Group.ASSIGNED,
    Kind.CUSTOMER_REPLIED: Group.CUSTOMER,
    Kind.TICKET_REOPENED: Group.CUSTOMER,
    Kind.TICKET_CLOSED: Group.CUSTOMER,
    Kind.TICKET_CANCELLED: Group.CUSTOMER,
    Kind.NOTE_WRITTEN: Group.NOTE,
    Kind.WATCHED: Group.WATCHED,
    Kind.CLOCK_WARNING: Group.WARNING,
    Kind.CLOCK_BREACHED: Group.BREACH,
    Kind.DIGEST: Group.DIGEST,
}
_CUSTOMER_GROUPS: dict[str, Group] = {
    Kind.STAFF_REPLIED: Group.ANSWER,
    Kind.TICKET_RESOLVED: Group.PROGRESS,
    Kind.TICKET_REOPENED: Group.PROGRESS,
    Kind.TICKET_CLOSED: Group.PROGRESS,
    Kind.TICKET_CANCELLED: Group.PROGRESS,
    Kind.WATCHED: Group.WATCHED,
    Kind.SURVEY: Group.SURVEY,
    Kind.SURVEY_REMINDER: Group.SURVEY,
}


def offered(*, staff: bool) -> dict[Group, tuple[Way, ...]]:
    """What members of staff, or customers, choose about."""
    return FOR_STAFF if staff else FOR_CUSTOMERS


def group_of(kind: str, *, staff: bool) -> Group | None:
    """What a notice to a member of staff, or to a customer, counts as; None: it always comes."""
    return (_STAFF_GROUPS if staff else _CUSTOMER_GROUPS).get(kind)
