"""How a ticket, its conversation and its history are written in JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from api.fields import Instant, Person
from common.models import reads_chinese
from sla.models import Clock
from sla.selectors import look
from sla.vocabulary import ClockState, Metric
from tickets import policies
from tickets.models import Ticket
from tickets.vocabulary import Status, Tier
from tickets.workflow import available

_METRICS = {metric: place for place, metric in enumerate(Metric.values)}


@dataclass(frozen=True)
class Reader:
    """For whom a ticket is written, and when; reads the caller's teams once, however many tickets."""

    user: User
    at: datetime

    @cached_property
    def team_roles(self) -> dict[int, bool]:
        """The caller's teams, each with whether they lead it."""
        return policies.roles_in_teams(self.user)

    @property
    def context(self) -> dict[str, Any]:
        """What serializers are given."""
        return {"reader": self, "reads_addresses": self.user.is_agent}


class ClocksSerializer(serializers.ListSerializer[Any]):
    """Every clock of a ticket, by metric and cycle."""

    def to_representation(self, data: Any) -> list[Any]:
        """Sorted here: a ticket brings its clocks along in whatever order they were read."""
        return super().to_representation(
            sorted(data.all(), key=lambda clock: (_METRICS[clock.metric], clock.cycle))
        )


class ClockSerializer(serializers.Serializer[Any]):
    """One promise being kept."""

    class Meta:
        list_serializer_class = ClocksSerializer

    metric = serializers.ChoiceField(Metric.choices)
    cycle = serializers.IntegerField()
    state = serializers.ChoiceField(ClockState.choices)
    started_at = Instant()
    due_at = Instant()
    stopped_at = Instant(allow_null=True)
    breached = serializers.SerializerMethodField()

    def get_breached(self, clock: Clock) -> bool:
        """Whether the promise is broken, on record or by the time it is now."""
        return clock.breached or look(clock, at=self.context["reader"].at) == "breach"


class TicketSerializer(serializers.Serializer[Any]):
    """A ticket as its caller may see it."""

    number = serializers.CharField()
    subject = serializers.CharField()
    description = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    tier = serializers.ChoiceField(Tier.choices)
    tier_reason = serializers.SerializerMethodField(help_text=_("In the caller's language."))
    version = serializers.IntegerField()
    requester = Person()
    organisation = serializers.CharField(source="organisation.code", allow_null=True)
    product = serializers.CharField(source="product.code", allow_null=True)
    module = serializers.CharField(source="module.code", allow_null=True)
    category = serializers.CharField(source="category.code", allow_null=True)
    team = serializers.CharField(source="team.code", allow_null=True)
    assignee = Person(allow_null=True)
    clocks = ClockSerializer(many=True)
    created_at = Instant()
    first_responded_at = Instant(allow_null=True)
    resolved_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    actions = serializers.SerializerMethodField(help_text=_("What the caller may do with it now."))

    def get_tier_reason(self, ticket: Ticket) -> str:
        """Why it has this tier."""
        return ("；" if reads_chinese() else "; ").join(ticket.tier_reason_texts)

    def get_actions(self, ticket: Ticket) -> list[str]:
        """Codes of the actions that lead on from here and are the caller's to take."""
        reader: Reader = self.context["reader"]
        capacity = policies.parties(reader.user, ticket, team_roles=reader.team_roles)
        return [action.code for action in available(ticket.status, capacity)]


class CardSerializer(TicketSerializer):
    """A ticket on the board: everything but its description."""

    def get_fields(self) -> dict[str, Any]:
        """Descriptions are long, and no card shows one."""
        return {name: field for name, field in super().get_fields().items() if name != "description"}


def ticket_data(ticket: Ticket, *, user: User, at: datetime) -> dict[str, Any]:
    """One ticket as `user` sees it at `at`; whether they may is the caller's to know."""
    return dict(TicketSerializer(ticket, context=Reader(user, at).context).data)


def tickets_data(tickets: Iterable[Ticket], *, user: User, at: datetime) -> list[dict[str, Any]]:
    """Many tickets; what they refer to must be loaded with them."""
    return list(TicketSerializer(list(tickets), many=True, context=Reader(user, at).context).data)
