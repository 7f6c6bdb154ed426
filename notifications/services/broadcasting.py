"""Writing down what other systems are to be told, inside the transaction of the change it tells of."""

from collections.abc import Sequence
from typing import Any

from notifications.models import Delivery, Target
from notifications.services.telling import ROWS, News
from notifications.vocabulary import Kind
from tickets.models import Ticket
from tickets.vocabulary import Tier


def broadcast(told: Sequence[News]) -> None:
    """Put each of the news into the outbox for every target that wants it.

    However much there is to tell, three statements; one while nobody listens. No worker is woken: the next look at
    the outbox is a few seconds away, and a program minds that less than a person minds waiting for the page.
    """
    kinds = list({str(news.kind) for news in told})
    targets = list(Target.objects.filter(is_active=True, events__overlap=kinds)) if kinds else []
    if not targets:
        return
    rows = Ticket.objects.select_related("team", "assignee")
    tickets = rows.in_bulk({news.ticket_id for news in told})
    deliveries = [
        _delivery(news, target, tickets[news.ticket_id])
        for news in told
        for target in targets
        if _wants(target, news, tickets[news.ticket_id])
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=ROWS)


def _wants(target: Target, news: News, ticket: Ticket) -> bool:
    if news.kind not in target.events or target.team_id not in {None, ticket.team_id}:
        return False
    urgent = ticket.tier == Tier.URGENT
    return urgent or not target.only_urgent or news.kind != Kind.TICKET_OPENED


def _delivery(news: News, target: Target, ticket: Ticket) -> Delivery:
    fields = news.fields()
    fields["data"] = {**fields["data"], "state": state_of(ticket)}
    key = f"{news.kind}:{news.source}:target:{target.pk}"
    when = {"next_attempt_at": news.at}
    return Delivery(**fields, key=key, target=target, channel=target.outlet, **when)


def state_of(ticket: Ticket) -> dict[str, Any]:
    """The ticket as it is now, in codes; what leaves later tells of this moment."""
    return {
        "status": ticket.status,
        "tier": ticket.tier,
        "team": ticket.team.code if ticket.team else None,
        "assignee": ticket.assignee.name if ticket.assignee else None,
    }
