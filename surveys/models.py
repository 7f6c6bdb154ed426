"""Invitations to a questionnaire, and the answers."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from tickets.models import Resolution


class InvitationState(models.TextChoices):
    """What became of an invitation."""

    PENDING = "pending", _("To be sent")
    SENT = "sent", _("Sent")
    ANSWERED = "answered", _("Answered")
    CANCELLED = "cancelled", _("Not sent")
    EXPIRED = "expired", _("Expired")


class Solved(models.TextChoices):
    """Did we solve your problem?"""

    YES = "yes", _("Solved")
    PARTLY = "partly", _("Partly")
    NO = "no", _("Not solved")


class Invitation(models.Model):
    """One per resolution. Engineer and team are those of the resolution and stay so."""

    resolution = models.OneToOneField(Resolution, models.PROTECT, related_name="invitation")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="survey_invitations")
    engineer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=InvitationState.choices, default=InvitationState.PENDING)
    # The recommendation question is put to a person at most once in 30 days.
    asks_recommendation = models.BooleanField(default=True)
    send_after = models.DateTimeField()
    # When to remind of it; null: not any more.
    remind_after = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("survey invitation")
        verbose_name_plural = _("survey invitations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "answered", "expired"]) | Q(sent_at__isnull=False),
                name="sent_invitation_has_moment",
            )
        ]
        indexes = [
            # The sender: surveys.services.sending.
            models.Index(fields=["send_after"], condition=Q(state="pending"), name="invitation_pending"),
            # Who reminds: surveys.services.reminding.
            models.Index(
                fields=["remind_after"], condition=Q(remind_after__isnull=False), name="invitation_reminder"
            ),
            # The 30-day rule, and the response rate by sending date.
            models.Index(fields=["recipient", "sent_at"], name="invitation_recipient"),
            models.Index(fields=["sent_at"], name="invitation_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id} {self.state}"


class Answer(models.Model):
    """What the customer said; may be changed for 12 hours."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="answer")
    solved = models.CharField(_("Did we solve your problem?"), max_length=6, choices=Solved.choices)
    satisfaction = models.PositiveSmallIntegerField(
        _("How satisfied are you?"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    recommend = models.PositiveSmallIntegerField(
        _("Would you recommend our service?"), null=True, validators=[MaxValueValidator(10)]
    )
    comment = models.TextField(_("What could be better?"), blank=True)
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        constraints = [
            models.CheckConstraint(condition=Q(satisfaction__range=(1, 5)), name="satisfaction_1_to_5"),
            models.CheckConstraint(condition=Q(recommend__range=(0, 10)), name="recommend_0_to_10"),
        ]
        # Figures by answer date.
        indexes = [models.Index(fields=["answered_at"], name="answer_date")]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.solved}"
