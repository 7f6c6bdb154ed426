"""The outbox and where it leads, in the admin site."""

from notifications.admin.deliveries import AttemptAdmin, DeliveryAdmin
from notifications.admin.targets import RobotAdmin, WebhookTargetAdmin

__all__ = ["AttemptAdmin", "DeliveryAdmin", "RobotAdmin", "WebhookTargetAdmin"]
