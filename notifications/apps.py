"""Application configuration of `notifications`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Names the application and registers its subscribers."""

    name = "notifications"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Register subscribers; models are loaded by now."""
        from common.events import subscribe  # noqa: PLC0415 (models may not be imported before this point)
        from notifications import broadcasts  # noqa: PLC0415
        from notifications import subscribers as on  # noqa: PLC0415
        from sla import events as sla  # noqa: PLC0415
        from surveys import events as surveys  # noqa: PLC0415
        from tickets import events as tickets  # noqa: PLC0415

        subscribe(tickets.TicketOpened, on.on_opened)
        subscribe(tickets.TicketAssigned, on.on_assigned)
        subscribe(tickets.TicketHandedOver, on.on_handed_over)
        subscribe(tickets.TicketReplied, on.on_replied)
        subscribe(tickets.ReplyNotLeft, on.on_not_left)
        subscribe(tickets.TicketResolved, on.on_resolved)
        subscribe(tickets.TicketReopened, on.on_reopened)
        subscribe(tickets.TicketEnded, on.on_ended)
        subscribe(sla.MilestonesReached, on.on_reached)
        subscribe(tickets.TicketOpened, broadcasts.on_opened)
        subscribe(tickets.TicketAssigned, broadcasts.on_assigned)
        subscribe(tickets.TicketHandedOver, broadcasts.on_handed_over)
        subscribe(tickets.TicketReplied, broadcasts.on_replied)
        subscribe(tickets.TicketResolved, broadcasts.on_resolved)
        subscribe(tickets.TicketReopened, broadcasts.on_reopened)
        subscribe(tickets.TicketEnded, broadcasts.on_ended)
        subscribe(sla.MilestonesReached, broadcasts.on_reached)
        subscribe(surveys.SurveySent, on.on_survey_sent)
        subscribe(surveys.SurveyReminded, on.on_survey_reminded)
