"""What is said on a ticket, and the files that come with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tickets.models.held import HeldReply
from tickets.models.ticket import Channel, Ticket


class MessageKind(models.TextChoices):
    """Who may read a message."""

    PUBLIC = "public", _("Public reply")
    INTERNAL = "internal", _("Internal note")


class Message(models.Model):
    """One message of a conversation; the description is the ticket's own."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=MessageKind.choices)
    body = models.TextField(_("text"))
    # Frozen at the moment of writing: a person's role may change later.
    by_staff = models.BooleanField()
    is_automatic = models.BooleanField(default=False)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    at = models.DateTimeField()
    # The rendering of a form (or a program's own key) it came from: the same one again is the same message.
    key = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "author", "key"], name="message_sent_once")]
        indexes = [
            # The conversation of a ticket, in order.
            models.Index(fields=["ticket", "at", "id"], name="message_conversation"),
            # The reply limit: how much somebody wrote lately.
            models.Index(fields=["author", "at"], name="message_author"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_internal(self) -> bool:
        """Customers never see it."""
        return self.kind == MessageKind.INTERNAL

    @property
    def is_call(self) -> bool:
        """What a member of staff said on the phone; `at` is the instant of the call."""
        return self.by_staff and not self.is_internal and self.channel == Channel.PHONE


class Attachment(models.Model):
    """An uploaded file. It belongs to its uploader until a ticket or message claims it."""

    key = models.UUIDField(unique=True)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="attachments")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="attachments")
    # It goes with a reply that has not left yet: no other form's to send, and not to be dropped.
    held = models.ForeignKey(HeldReply, models.SET_NULL, null=True, related_name="attachments")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to="attachments/%Y/%m/")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        indexes = [
            # The uploader's allowance: tickets.services.attaching.
            models.Index(fields=["uploaded_by", "created_at"], name="attachment_uploader"),
            # Uploads nobody claimed: tickets.services.dropping.
            models.Index(fields=["created_at"], condition=Q(ticket=None), name="attachment_unclaimed"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """An image a browser may show; SVG is none, it can carry script."""
        return self.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}

    def get_absolute_url(self) -> str:
        """Where those who may see the ticket fetch it."""
        return reverse("attachment", args=[self.key])
