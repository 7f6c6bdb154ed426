"""Application configuration of `surveys`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """Names the application and registers its subscribers."""

    name = "surveys"
    verbose_name = _("Questionnaires")

    def ready(self) -> None:
        """Register subscribers; models are loaded by now."""
        from common.events import subscribe  # noqa: PLC0415 (models may not be imported before this point)
        from surveys import subscribers as on  # noqa: PLC0415
        from tickets import events  # noqa: PLC0415

        subscribe(events.TicketResolved, on.on_resolved)
        subscribe(events.TicketReopened, on.on_reopened)
