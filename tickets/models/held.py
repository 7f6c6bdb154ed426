"""Replies under way: those that can still be taken back, and those that are not sent yet."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class HeldReply(models.Model):
    """A public reply of staff that its author can still take back.

    It becomes a message once `leaves_at` has come. One a person and ticket: a further word lets the one before leave.
    All that is done with it is done under the lock of its ticket (`tickets.services.holding`).
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="held_replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # That of the box it came from, and of the message it will be.
    key = models.UUIDField(editable=False)
    body = models.TextField(_("text"))
    # Once it has left, the customer is waited for.
    waits = models.BooleanField(default=False)
    # The last message its author had read; null: they did not say.
    seen = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    leaves_at = models.DateTimeField()

    class Meta:
        verbose_name = _("held reply")
        verbose_name_plural = _("held replies")
        constraints = [models.UniqueConstraint(fields=["ticket", "author"], name="one_reply_held")]
        # The sweep: tickets.services.holding.
        indexes = [models.Index(fields=["leaves_at"], name="held_reply_leaves")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.leaves_at:%Y-%m-%d %H:%M:%S}"


class NotLeft(models.TextChoices):
    """Why a held reply was refused when its moment came, as it follows “Your reply did not leave:”."""

    ANSWERED = "answered", _("somebody else wrote meanwhile")
    SETTLED = "settled", _("the ticket was resolved or ended meanwhile")
    NOT_YOURS = "not_yours", _("the ticket is no longer yours to answer")
    NO_WAITING = "no_waiting", _("as the ticket stands now, the customer cannot be waited for")
    REFUSED = "refused", _("it was not accepted")


class ReplyDraft(models.Model):
    """What somebody has typed into the reply box of a ticket and not sent. Nobody else reads it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="reply_drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reply_drafts")
    body = models.TextField(_("text"), blank=True)
    # Of `tickets.forms.replying`: a reply, a note or a call.
    kind = models.CharField(max_length=8)
    # Keys of uploads that went with it; those that are there no more are passed over.
    files = ArrayField(models.UUIDField(), default=list)
    # It had been sent and did not leave.
    not_left = models.CharField(max_length=12, choices=NotLeft.choices, blank=True)
    updated_at = models.DateTimeField()
    # Set by `tickets.unsent.drafts_of`: the ticket may have gone to others meanwhile.
    sees_ticket: bool

    class Meta:
        verbose_name = _("draft of a reply")
        verbose_name_plural = _("drafts of replies")
        ordering = ["-updated_at"]
        constraints = [models.UniqueConstraint(fields=["author", "ticket"], name="one_draft")]
        # Those nobody came back to: tickets.services.drafting.
        indexes = [models.Index(fields=["updated_at"], name="reply_draft_updated")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.updated_at:%Y-%m-%d %H:%M}"
