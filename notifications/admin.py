"""The outbox in the admin site: what left, what waits, what was given up."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import clock
from notifications.models import Delivery
from notifications.services import delivering


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """Deliveries are written by the desk; an administrator looks, and sends again what was given up."""

    list_display = (
        "kind", "ticket", "recipient", "state", "attempts", "last_error", "created_at", "sent_at"
    )  # fmt: skip
    list_filter = ("state", "kind")
    list_select_related = ("ticket", "recipient")
    search_fields = ("recipient__email",)
    search_help_text = _("A recipient's address")
    actions = ("send_again",)
    show_full_result_count = False
    fields = (
        "kind", "ticket", "recipient", "channel", "state", "attempts", "next_attempt_at", "last_error",
        "created_at", "sent_at",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes one by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """What was sent stays on record."""
        return False

    @admin.action(description=_("Send again what was given up"), permissions=["view"])
    def send_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        """Put the chosen ones back into the outbox."""
        count = delivering.resend(list(deliveries.values_list("pk", flat=True)), at=clock.now())
        text = ngettext(
            "%(count)d message will be sent again.", "%(count)d messages will be sent again.", count
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS if count else messages.WARNING)
