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
        from tickets.events import (  # noqa: PLC0415
            OrganisationChanged,
            ReplyHeld,
            StepAhead,
            TicketHandedOver,
            TicketTouched,
        )
        from tickets.live import (  # noqa: PLC0415
            announce_handed_over,
            announce_held,
            announce_rehomed,
            announce_touched,
        )
        from tickets.services.holding import leave_first  # noqa: PLC0415

        subscribe(StepAhead, leave_first)
        subscribe(ReplyHeld, announce_held)
        subscribe(TicketTouched, announce_touched)
        subscribe(TicketHandedOver, announce_handed_over)
        subscribe(OrganisationChanged, announce_rehomed)
