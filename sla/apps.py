"""Application configuration of `sla`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    """Names the application and registers its subscribers."""

    name = "sla"
    verbose_name = _("Promises")

    def ready(self) -> None:
        """Register subscribers; models are loaded by now."""
        from accounts.events import ContractChanged  # noqa: PLC0415 (models may not be imported before)
        from catalog.events import StatutoryDaysChanged  # noqa: PLC0415
        from common.events import subscribe  # noqa: PLC0415
        from sla import events as own  # noqa: PLC0415
        from sla import subscribers as on  # noqa: PLC0415
        from tickets import events  # noqa: PLC0415

        subscribe(events.TicketOpened, on.on_opened)
        subscribe(events.TicketReplied, on.on_replied)
        subscribe(events.TicketMoved, on.on_moved)
        subscribe(events.TicketResolved, on.on_resolved)
        subscribe(events.TicketReopened, on.on_reopened)
        subscribe(events.TicketEnded, on.on_ended)
        subscribe(events.TierChanged, on.on_tier_changed)
        subscribe(events.OrganisationChanged, on.on_organisation_changed)
        subscribe(events.TicketDescribed, on.on_described)
        subscribe(ContractChanged, on.on_contract_changed)
        subscribe(StatutoryDaysChanged, on.on_statutory_days_changed)
        subscribe(own.CalendarPublished, on.on_calendar_published)
