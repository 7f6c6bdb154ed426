"""The outbox in the admin site: what left, what waits, what was given up."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import clock
from notifications.models import Attempt, Delivery
from notifications.services import delivering


class OnRecord(admin.ModelAdmin):
    """Rows that the desk writes: nobody adds or deletes one by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are looked at; what can be done with them are the list's actions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent stays on record."""
        return False

    def send(self, request: HttpRequest, deliveries: Iterable[int]) -> None:
        """Put deliveries back into the outbox and say how many."""
        count = delivering.resend(list(deliveries), at=clock.now())
        text = ngettext(
            "%(count)d message will be sent again.", "%(count)d messages will be sent again.", count
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS if count else messages.WARNING)


@admin.register(Delivery)
class DeliveryAdmin(OnRecord):
    """Deliveries are written by the desk; an administrator looks, and sends again what was given up."""

    list_display = (
        "kind", "ticket", "channel", "to", "state", "attempts", "last_error", "created_at"
    )  # fmt: skip
    list_filter = ("state", "channel", "target", "kind")
    list_select_related = ("ticket", "recipient", "target")
    search_fields = ("recipient__email",)
    search_help_text = _("A recipient's address")
    actions = ("send_again",)
    fields = (
        "kind", "ticket", "channel", "recipient", "target", "state", "attempts", "next_attempt_at", "last_error",
        "created_at", "sent_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("receiver"))
    def to(self, delivery: Delivery) -> str:
        """Whom it is for: a person or another system."""
        return str(delivery.recipient or delivery.target)

    @admin.action(description=_("Send again what was given up"), permissions=["view"])
    def send_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        """Put the chosen ones back into the outbox."""
        self.send(request, deliveries.values_list("pk", flat=True))


@admin.register(Attempt)
class AttemptAdmin(OnRecord):
    """What other systems answered, and how long they took; from here an event is sent once more."""

    list_display = ("at", "target", "event", "ticket", "status", "milliseconds", "code")
    list_filter = ("delivery__target", "status")
    list_select_related = ("delivery__target", "delivery__ticket")
    actions = ("send_again",)
    fields = ("at", "delivery", "target", "event", "ticket", "status", "milliseconds", "code")
    readonly_fields = fields

    @admin.display(description=_("other system"))
    def target(self, attempt: Attempt) -> str:
        """Whom it was for."""
        return str(attempt.delivery.target)

    @admin.display(description=_("what about"))
    def event(self, attempt: Attempt) -> str:
        """What it told of."""
        return attempt.delivery.get_kind_display()

    @admin.display(description=_("ticket"))
    def ticket(self, attempt: Attempt) -> str:
        """Which ticket it was about."""
        return str(attempt.delivery.ticket)

    @admin.action(description=_("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, attempts: QuerySet[Attempt]) -> None:
        """Put the chosen ones back into the outbox: given up, or taken by a webhook."""
        self.send(request, attempts.order_by().values_list("delivery", flat=True).distinct())
