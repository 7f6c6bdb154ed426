"""Having a chat robot say what happened."""

from collections.abc import Callable, Sequence
from datetime import datetime

from notifications.channels import Answer
from notifications.channels.robots import platforms, through_apprise
from notifications.channels.robots.composing import text_of
from notifications.models import Delivery


class RobotChannel:
    """Has robots say one message at a time; `now` says when it signs."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def send(self, deliveries: Sequence[Delivery]) -> Answer:
        """One message for all of `deliveries`."""
        target = deliveries[0].target
        assert target is not None  # noqa: S101 (what leaves here goes to a target: a constraint)
        text = text_of(deliveries)
        if target.kind in platforms.PLATFORMS:
            return platforms.say(target, text, at=self._now())
        return through_apprise.say(target, text)

    def close(self) -> None:
        """Nothing is kept open."""
