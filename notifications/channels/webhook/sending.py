"""Handing what happened to a webhook. 2xx means taken; everything else is tried again."""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from notifications.channels import Answer, TryLater
from notifications.channels.posting import post
from notifications.models import Delivery

# What of a delivery's data leaves the house, beside the state the ticket was in. Codes and instants only.
TOLD = ("metric", "milestone", "due_at")


class WebhookChannel:
    """Posts one event at a time; `now` says when it signs."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def send(self, deliveries: Sequence[Delivery]) -> Answer:
        """Post the event."""
        [delivery] = deliveries
        target = delivery.target
        assert target is not None  # noqa: S101 (what leaves here goes to a target: a constraint)
        body = body_of(delivery)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-LedgerDesk-Event": delivery.kind,
            "X-LedgerDesk-Delivery": delivery_id(delivery),
            "X-LedgerDesk-Signature": signature(target.secret, body, at=self._now()),
        }
        reply = post(target.url, body, headers)
        if not 200 <= (reply.answer.status or 0) < 300:
            raise TryLater(f"HTTP {reply.answer.status}", answer=reply.answer)
        return reply.answer

    def close(self) -> None:
        """Nothing is kept open."""


def body_of(delivery: Delivery) -> bytes:
    """The event in JSON: as it was when it happened, the same at every attempt."""
    ticket = delivery.ticket
    assert ticket is not None  # noqa: S101 (every kind is about a ticket)
    said: dict[str, Any] = {
        "id": delivery_id(delivery),
        "event": delivery.kind,
        "at": delivery.created_at.isoformat(),
        "ticket": ticket.number,
        "url": f"{settings.SITE_URL}{ticket.get_absolute_url()}",
        **delivery.data["state"],
        **{name: delivery.data[name] for name in TOLD if name in delivery.data},
    }
    return json.dumps(said, ensure_ascii=False).encode()


def delivery_id(delivery: Delivery) -> str:
    """By which a receiver knows an event again that comes a second time."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{delivery.key}".encode()).hexdigest()[:32]


def signature(secret: str, body: bytes, *, at: datetime) -> str:
    """`t=<unix>,v1=<hex>`: HMAC-SHA256 of `<unix>.<body>`, so that neither body nor moment can be changed."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
