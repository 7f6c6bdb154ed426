"""What people are told in the app, and the outbox of what leaves the house."""

from datetime import time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Team, User
from notifications.addresses import wrong_address
from notifications.quiet import QuietHours
from notifications.vocabulary import GROUPED, DeliveryState, Group, Kind, Outlet, TargetKind
from tickets.models import Ticket

DIGEST_AT = time(8, 30)


class Told(models.Model):
    """What somebody is told, as codes and data. Its words are made when it is read, in the reader's language.

    `key` says what is told and to whom: the same thing cannot be told twice.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("what about"), max_length=24, choices=Kind.choices)
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+", verbose_name=_("ticket"))
    # Who did it; none: the desk itself.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        abstract = True

    @property
    def is_urgent(self) -> bool:
        """Told at once, whatever its reader has chosen."""
        return bool(self.data.get("urgent"))


class Notification(Told):
    """One line under somebody's bell."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            # Somebody's notices, newest first; the count under the bell.
            models.Index(fields=["user", "-id"], name="notification_user"),
            models.Index(fields=["user", "-id"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Target(models.Model):
    """Another system that hears of tickets, as an administrator set it up."""

    kind = models.CharField(_("kind"), max_length=12, choices=TargetKind.choices)
    name = models.CharField(_("name"), max_length=80, unique=True)
    url = models.CharField(_("address"), max_length=500)
    # What both sides sign with. Never shown again, never logged.
    secret = models.CharField(max_length=128, blank=True)
    # Kinds of `vocabulary.FOR_SYSTEMS`.
    events = ArrayField(models.CharField(max_length=24), verbose_name=_("hears of"))
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"),
        help_text=_("Tickets of this team only; of every team if empty."),
    )  # fmt: skip
    only_urgent = models.BooleanField(_("of new tickets only the urgent ones"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("other system")
        verbose_name_plural = _("other systems")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def outlet(self) -> Outlet:
        """The way its deliveries leave."""
        return Outlet.WEBHOOK if self.kind == TargetKind.WEBHOOK else Outlet.ROBOT

    def clean(self) -> None:
        """Refuse an address that nothing may be sent to; one put out of use may keep it."""
        if self.is_active and (wrong := wrong_address(self.url)):
            raise ValidationError({"url": wrong})


class WebhookTarget(Target):
    """A system that is told by webhook."""

    class Meta:
        proxy = True
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")


class Robot(Target):
    """A chat robot. Its address is as good as a password."""

    class Meta:
        proxy = True
        verbose_name = _("chat robot")
        verbose_name_plural = _("chat robots")


class Delivery(Told):
    """One message that has to leave the house, to a person or to another system: the outbox.

    Inserted in the transaction of the change it tells of; taken by a worker with a lease, sent outside any
    transaction, marked afterwards.
    """

    channel = models.CharField(_("channel"), max_length=12, choices=Outlet.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="deliveries",
        verbose_name=_("recipient"),
    )  # fmt: skip
    # Its index is `delivery_target_sent`.
    target = models.ForeignKey(
        Target,
        models.CASCADE,
        null=True,
        db_index=False,
        related_name="deliveries",
        verbose_name=_("other system"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    next_attempt_at = models.DateTimeField(_("next attempt"))
    # Until then a worker has it in hand; past it, the worker is taken for dead.
    leased_until = models.DateTimeField(null=True)
    # Counted when a worker takes it: one that kills its worker is given up in the end, too.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # The recipient's quiet hours end then; it joins no letter that leaves before.
    held_until = models.DateTimeField(null=True)
    # The id of the first delivery that this one is sent together with. Stays as it was when the message was
    # first put together, so that every attempt sends the same message.
    group = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    # A code, never an address.
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False), name="sent_has_moment"
            ),
            models.CheckConstraint(
                condition=Q(recipient=None, target__isnull=False) | Q(recipient__isnull=False, target=None),
                name="delivery_to_a_person_or_a_target",
            ),
        ]
        indexes = [
            # The sender: notifications.services.delivering; and the rest of a group.
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state=DeliveryState.PENDING),
                name="delivery_pending",
            ),
            models.Index(
                fields=["group"],
                condition=Q(state=DeliveryState.PENDING, group__isnull=False),
                name="delivery_group",
            ),
            # When somebody was last written to about promises.
            models.Index(
                fields=["recipient", "sent_at"],
                condition=Q(kind__in=sorted(GROUPED)),
                name="delivery_grouped_sent",
            ),
            # The same of a target; and all that goes to it.
            models.Index(
                fields=["target", "sent_at"],
                condition=Q(target__isnull=False),
                name="delivery_target_sent",
            ),
            # The admin's list of what could not be sent.
            models.Index(fields=["state", "-id"], name="delivery_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_state_display()}"

    @property
    def person(self) -> User:
        """Whom a letter is for."""
        assert self.recipient is not None  # noqa: S101 (asked of letters only)
        return self.recipient

    @property
    def swarms(self) -> bool:
        """It leaves together with others of its kind to the same reader. A webhook is told one thing at a time."""
        return self.kind in GROUPED and self.channel != Outlet.WEBHOOK


class Attempt(models.Model):
    """One attempt to tell a target something: the delivery log."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log", verbose_name=_("delivery"))
    at = models.DateTimeField(_("when"))
    # None: no answer came.
    status = models.PositiveSmallIntegerField(_("status code"), null=True)
    milliseconds = models.PositiveIntegerField(_("duration in ms"))
    # Why it failed; empty when it was taken.
    code = models.CharField(_("error"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery log")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M:%S} · {self.code or self.status}"


class Preference(models.Model):
    """What somebody does not want to be told of, and when.

    Without a row everything comes, at any hour; the morning letter comes to managers, others ask for it.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference")
    # Switched off: `group:way`, such as `note:app`.
    off = ArrayField(models.CharField(max_length=24), default=list)
    # Whether and when the morning letter comes, on the same clock; None: as the role has it.
    digest = models.BooleanField(null=True)
    digest_at = models.TimeField(default=DIGEST_AT)
    # Quiet hours on the wall clock of the person's time zone; both or neither. See notifications.quiet.
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    # The weekdays on which they begin, Monday is 1.
    quiet_days = ArrayField(models.PositiveSmallIntegerField(), default=list)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=models.F("quiet_to")),
                name="quiet_hours_have_both_ends",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"

    def wants(self, group: str | None, way: str) -> bool:
        """Whether what counts as `group` is to come by `way`."""
        if group == Group.DIGEST:
            return self.user.role == Role.MANAGER if self.digest is None else self.digest
        return group is None or f"{group}:{way}" not in self.off

    def hours(self, zone: str) -> QuietHours | None:
        """The quiet hours in the person's zone; None without any."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_to, frozenset(self.quiet_days), zone)


class Digest(models.Model):
    """Somebody's morning letter of a day was thought of, whether or not there was anything to tell."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("morning letter")
        verbose_name_plural = _("morning letters")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
