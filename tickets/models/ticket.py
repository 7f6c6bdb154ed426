"""The ticket itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team
from catalog.models import Category, Module, Product
from common.models import reads_chinese
from tickets.querysets import TicketQuerySet
from tickets.triage import CLOSING_WINDOW, REASONS, Impact
from tickets.vocabulary import (
    OPEN,
    UNCOUNTED,
    Deadline,
    ProductionDown,
    Status,
    Tier,
    UsersAffected,
    Workaround,
)

SUBJECT_LENGTH = 200


def window_name(window: dict[str, Any]) -> str:
    """What a closing window was called, in the reader's language."""
    return str(window["name_zh"] if reads_chinese() else window["name_en"])


def reason_text(code: str, window: dict[str, Any] | None) -> str:
    """A reason of a tier as a sentence in the reader's language; `window` is the one that raised it, if any."""
    if code == CLOSING_WINDOW and window:
        return gettext("It falls into the closing window “%(name)s”") % {"name": window_name(window)}
    return str(REASONS[code])


class Channel(models.TextChoices):
    """The way a ticket or a message came."""

    WEB = "web", _("Web")
    EMAIL = "email", _("E-mail")
    API = "api", _("API")
    PHONE = "phone", _("Phone")
    WECHAT = "wechat", _("WeChat")


class Ticket(models.Model):
    """A customer's case. Its status is written by `tickets.services.transition` alone.

    The number people type is the primary key with a prefix: `LD-10423`.
    """

    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    description = models.TextField(_("description"))
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="requested_tickets",
        verbose_name=_("requester"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("organisation"),
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("product")
    )
    edition = models.CharField(_("edition"), max_length=60, blank=True)
    product_version = models.CharField(_("product version"), max_length=40, blank=True)
    module = models.ForeignKey(
        Module, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("module")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("category")
    )

    production_down = models.CharField(
        max_length=12, choices=ProductionDown.choices, default=ProductionDown.NONE
    )
    users_affected = models.CharField(max_length=12, choices=UsersAffected.choices, default=UsersAffected.ONE)
    deadline = models.CharField(max_length=16, choices=Deadline.choices, default=Deadline.NONE)
    deadline_at = models.DateTimeField(null=True, blank=True)
    workaround = models.CharField(max_length=8, choices=Workaround.choices, default=Workaround.AWKWARD)

    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices)
    # Reason codes of tickets.triage.REASONS; tier_override says who set it instead, and in what words.
    tier_reasons = ArrayField(models.CharField(max_length=40), default=list)
    # The closing window that raised the tier, as it was called then: id, name_zh, name_en. None: none did.
    tier_window = models.JSONField(null=True, blank=True)
    tier_overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    tier_override_note = models.CharField(max_length=300, blank=True)

    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.NEW)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name=_("assignee"),
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.WEB)
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("tags"))

    # Counts changes; a writer who saw an older one is refused.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))
    first_responded_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(_("resolution"), blank=True)
    # 1 at first; each reopening begins the next resolution cycle.
    cycle = models.PositiveSmallIntegerField(default=1)
    cycle_started_at = models.DateTimeField()
    handovers = models.PositiveSmallIntegerField(default=0)
    # The earliest due moment of a running clock; kept by sla for the board's order.
    next_due_at = models.DateTimeField(null=True, blank=True)

    follow_up_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="follow_ups")
    # Where a merged ticket goes on; that one may have been merged since, see tickets.selectors.end_of_chain.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_tickets"
    )
    # Where an imported ticket comes from, and its number there.
    source = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(max_length=80, blank=True)
    # The rendering of a form (or a program's own key) it was filed from: the same one again is the same ticket.
    filing_key = models.UUIDField(null=True, editable=False)
    search = SearchVectorField(null=True, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=Status.RESOLVED) | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
                name="resolved_has_moment_and_text",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.CLOSED, Status.CANCELLED, Status.MERGED])
                | Q(closed_at__isnull=False),
                name="ended_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(OPEN))
                | (Q(resolved_at__isnull=True) & Q(closed_at__isnull=True)),
                name="open_is_not_resolved",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(status=Status.MERGED) & ~Q(merged_into=models.F("id"))),
                name="merged_goes_on_elsewhere",
            ),
            models.CheckConstraint(
                condition=~Q(status="new") | Q(assignee__isnull=True), name="new_is_nobodys"
            ),
            models.UniqueConstraint(fields=["requester", "filing_key"], name="ticket_filed_once"),
            models.UniqueConstraint(
                fields=["source", "source_ref"], condition=~Q(source=""), name="imported_once"
            ),
        ]
        indexes = [
            # Board columns: tickets.selectors.board_cells walks a status by what falls due first and stops when
            # a column is full; whose ticket it is stands beside, for those who do not see every team's.
            models.Index(
                fields=["status", "next_due_at", "id"],
                include=["team", "requester"],
                condition=Q(status__in=[*sorted(OPEN), Status.RESOLVED]),
                name="ticket_board",
            ),
            # The same of one person's and of one product's lane: tickets.selectors.board_cells.
            models.Index(
                fields=["assignee", "status", "next_due_at", "id"],
                include=["team", "requester"],
                condition=Q(status__in=[*sorted(OPEN), Status.RESOLVED]),
                name="ticket_board_assignee",
            ),
            models.Index(
                fields=["product", "status", "next_due_at", "id"],
                include=["team", "requester"],
                condition=Q(status__in=[*sorted(OPEN), Status.RESOLVED]),
                name="ticket_board_product",
            ),
            # The list by what falls due first, and what is due today: tickets.selectors.ticket_page.
            models.Index(
                fields=["next_due_at", "id"], condition=Q(next_due_at__isnull=False), name="ticket_due"
            ),
            # A customer's own list and the filing limit; the contact manager's list.
            models.Index(fields=["requester", "-id"], name="ticket_requester"),
            models.Index(fields=["requester", "created_at"], name="ticket_filed"),
            models.Index(fields=["organisation", "-id"], name="ticket_organisation"),
            # The portal: what is under way for a customer, and in an organisation (tickets.own_tickets).
            models.Index(
                fields=["requester", "next_due_at"],
                condition=Q(status__in=[*sorted(OPEN), Status.RESOLVED]),
                name="ticket_requester_current",
            ),
            models.Index(
                fields=["organisation", "status", "next_due_at", "id"],
                condition=Q(status__in=[*sorted(OPEN), Status.RESOLVED]),
                name="ticket_organisation_current",
            ),
            # An engineer's own list.
            models.Index(fields=["assignee", "-id"], name="ticket_assignee"),
            models.Index(fields=["team", "-id"], name="ticket_team"),
            # Figures: opened in a period, backlog. The list by creation: tickets.selectors.ticket_page.
            models.Index(fields=["created_at", "id"], name="ticket_created_order"),
            # The list by the last change, and by tier: tickets.selectors.ticket_page.
            models.Index(fields=["updated_at", "id"], name="ticket_updated_order"),
            models.Index(fields=["tier", "id"], name="ticket_tier_order"),
            # Figures: first answered in a period; ended unresolved after it; what no figure counts.
            models.Index(fields=["first_responded_at"], name="ticket_first_responded"),
            models.Index(
                fields=["closed_at"],
                condition=Q(status=Status.CLOSED, resolved_at=None),
                name="ticket_unresolved_end",
            ),
            models.Index(fields=["id"], condition=Q(status__in=sorted(UNCOUNTED)), name="ticket_uncounted"),
            # Closing by silence: tickets.services.close_silent.
            models.Index(
                fields=["resolved_at"], condition=Q(status=Status.RESOLVED), name="ticket_unconfirmed"
            ),
            GinIndex(fields=["search"], name="ticket_search"),
            # The filter by tag: tickets.filters.
            GinIndex(fields=["tags"], name="ticket_tags"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def number(self) -> str:
        """The number people type, such as `LD-10423`."""
        return f"LD-{self.pk}"

    @property
    def is_open(self) -> bool:
        """Somebody still has to do something before it is resolved."""
        return self.status in OPEN

    @property
    def impact(self) -> Impact:
        """The structured business impact as the customer gave it."""
        return Impact(
            production_down=self.production_down,
            users_affected=self.users_affected,
            deadline=self.deadline,
            deadline_at=self.deadline_at,
            workaround=self.workaround,
        )

    @property
    def tier_reason_texts(self) -> list[str]:
        """The tier's reasons as sentences in the reader's language."""
        if self.tier_overridden_by_id:
            if not self.tier_override_note:
                return [gettext("Set by a member of staff")]
            return [gettext("Set by a member of staff: %(note)s") % {"note": self.tier_override_note}]
        return [reason_text(code, self.tier_window) for code in self.tier_reasons if code in REASONS]

    def get_absolute_url(self) -> str:
        """The ticket's page."""
        return reverse("ticket", args=[self.number])
