"""Slack and Teams, through the apprise library: both say no by the status, which it judges."""

import re
import time
from collections.abc import Callable
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.plugins.slack import NotifySlack
from apprise.plugins.workflows import NotifyWorkflows
from django.conf import settings

from notifications.channels import Answer, Away
from notifications.channels.posting import CONNECT_SECONDS, READ_SECONDS
from notifications.models import Target
from notifications.vocabulary import TargetKind

# The addresses of each platform, and no others: they lead to its own hosts alone.
READERS: dict[str, Callable[[str], Any]] = {
    TargetKind.SLACK: NotifySlack.parse_native_url,
    TargetKind.TEAMS: NotifyWorkflows.parse_native_url,
}
MARKS = re.compile(r"([\\`*_~#\[\]()])")
PLAIN = {"include_image": False, "include_footer": False, "cto": CONNECT_SECONDS, "rto": READ_SECONDS}


def understands(kind: str, url: str) -> bool:
    """Whether it is an address of that platform's."""
    return bool(url.startswith("https://") and READERS[kind](url))


def say(target: Target, text: str) -> Answer:
    """Have the robot say it. Raises Away if it did not: the library tells success from failure and no more."""
    began = time.monotonic()
    found = READERS[target.kind](target.url)
    # Nothing is followed, and nothing is tried twice: that is the outbox's business.
    asset = AppriseAsset(http_redirects=False)
    robot = Apprise.instantiate({**found, **PLAIN}, asset=asset) if found else None
    if target.kind == TargetKind.TEAMS:
        taken = bool(robot and robot.notify(body=_markdown(text), body_format=NotifyFormat.MARKDOWN))
    else:
        taken = bool(robot and robot.notify(body=text, body_format=NotifyFormat.TEXT))
    answer = Answer(None, round((time.monotonic() - began) * 1000))
    if not taken:
        raise Away("not taken", answer=answer)
    return answer


def _markdown(text: str) -> str:
    """The same for a card in Teams, which makes no link of an address and reads marks in what people wrote."""
    return "\n\n".join(_marked(line) for line in text.splitlines() if line)


def _marked(line: str) -> str:
    return f"[{line}]({line})" if line.startswith(settings.SITE_URL) else MARKS.sub(r"\\\1", line)
