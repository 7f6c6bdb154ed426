"""Application configuration of `tickets`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """Names the application and registers its subscribers."""

    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        """Register subscribers; models are loaded by now."""
        from common.events import subscribe  # noqa: PLC0415 (models may not be imported before this point)
        from tickets.events import TicketHandedOver, TicketTouched  # noqa: PLC0415
        from tickets.live import announce_handed_over, announce_touched  # noqa: PLC0415

        subscribe(TicketTouched, announce_touched)
        subscribe(TicketHandedOver, announce_handed_over)
