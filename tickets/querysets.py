"""Query vocabulary of tickets. Every read starts from `visible_to`."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from tickets.vocabulary import OPEN, Status

if TYPE_CHECKING:
    from accounts.models import User

NUMBER = re.compile(r"^(?:LD-?)?(\d{1,18})$", re.IGNORECASE)


def parse_number(text: str) -> int | None:
    """The primary key behind `LD-10423`, `ld10423` or `10423`, full-width too; None when it is none of these."""
    found = NUMBER.match(unicodedata.normalize("NFKC", text).strip())
    return int(found.group(1)) if found else None


class TicketQuerySet(models.QuerySet[Any]):
    """Tickets as somebody may see them."""

    def visible_to(self, user: User | AnonymousUser) -> TicketQuerySet:
        """The tickets `user` may know of, by the role table of the product page.

        Subqueries instead of joins: no duplicates, and the planner can use the list indexes.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.role == "admin":
            return self
        own = Q(requester=user)
        if user.is_customer:
            if user.is_contact_manager and user.organisation_id:
                own |= Q(organisation=user.organisation_id)
            return self.filter(own)
        return self.filter(own | Q(team__in=user.memberships.values("team")))

    def open(self) -> TicketQuerySet:
        """Not resolved, not ended."""
        return self.filter(status__in=sorted(OPEN))

    def untaken(self) -> TicketQuerySet:
        """Begun by nobody and nobody's. A ticket that was given to somebody stays theirs."""
        return self.filter(status__in=[Status.NEW, Status.ASSIGNED], assignee=None)

    def on_board(self) -> TicketQuerySet:
        """Open, or resolved and waiting to be confirmed."""
        return self.filter(status__in=[*sorted(OPEN), Status.RESOLVED])

    def numbered(self, number: str) -> TicketQuerySet:
        """The one ticket of that number, or none."""
        pk = parse_number(number)
        return self.none() if pk is None else self.filter(pk=pk)

    def due_before(self, instant: datetime) -> TicketQuerySet:
        """With a clock that falls due before `instant`."""
        return self.filter(next_due_at__lt=instant)
