"""A travelled clock: what people do and what the desk does by itself, each at its own instant, in order."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from django.conf import settings
from django.db.models import Min

from sla.models import Clock
from sla.services.enforcing import sweep
from surveys.models import Invitation, InvitationState
from surveys.services.reminding import remind_due
from surveys.services.sending import send_due
from tickets.models import Ticket
from tickets.services.closing import close_silent
from tickets.vocabulary import Status

Step = Callable[[datetime], None]


class Timeline:
    """Steps to come. `on_sent` is told of each questionnaire that goes out."""

    def __init__(self, *, on_sent: Callable[[Invitation, datetime], None]) -> None:
        self._steps: list[tuple[datetime, int, Step]] = []
        self._order = count()
        self._on_sent = on_sent

    def plan(self, at: datetime, step: Step) -> None:
        """Let `step` happen at `at`."""
        heapq.heappush(self._steps, (at, next(self._order), step))

    def play(self, *, until: datetime, progress: Callable[[datetime], None]) -> None:
        """Let everything happen up to `until`; steps planned for later do not happen."""
        while (at := self._next()) is not None and at <= until:
            if self._steps and self._steps[0][0] == at:
                heapq.heappop(self._steps)[2](at)
            else:
                self._desk_acts(at)
            progress(at)

    def _next(self) -> datetime | None:
        moments = (
            self._steps[0][0] if self._steps else None,
            Clock.objects.aggregate(at=Min("next_check_at"))["at"],
            Invitation.objects.filter(state=InvitationState.PENDING).aggregate(at=Min("send_after"))["at"],
            Invitation.objects.aggregate(at=Min("remind_after"))["at"],
            self._next_closing(),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_closing(self) -> datetime | None:
        first = Ticket.objects.filter(status=Status.RESOLVED).aggregate(at=Min("resolved_at"))["at"]
        return first + settings.AUTO_CLOSE_AFTER if first else None

    def _desk_acts(self, at: datetime) -> None:
        sweep(at=at)
        close_silent(at=at)
        due = Invitation.objects.filter(state=InvitationState.PENDING, send_after__lte=at)
        ids = list(due.values_list("pk", flat=True))
        send_due(at=at)
        remind_due(at=at)
        related = "resolution__ticket"
        for invitation in Invitation.objects.select_related(related).filter(pk__in=ids, state="sent"):
            self._on_sent(invitation, at)
