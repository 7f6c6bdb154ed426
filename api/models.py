"""What makes a retried POST safe."""

from django.conf import settings
from django.db import models


class IdempotentAnswer(models.Model):
    """The first answer to a POST that carried an Idempotency-Key, given again to a retry."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    # SHA-256 of method, path and body: the same key for something else is refused.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    # As it was written out, so that a retry reads the same to the letter.
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]
        # Old answers are dropped: api.tasks.drop_old_answers.
        indexes = [models.Index(fields=["created_at"], name="idempotent_created")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
