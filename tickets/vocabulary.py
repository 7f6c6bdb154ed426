"""The words a ticket is described with. No ORM: the pure cores use them too."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a ticket is in its life."""

    NEW = "new", _("New")
    ASSIGNED = "assigned", _("Assigned")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting for customer")
    WAITING_VENDOR = "waiting_vendor", _("Waiting for vendor")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    MERGED = "merged", _("Merged")


OPEN = frozenset(
    {Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING_CUSTOMER, Status.WAITING_VENDOR}
)
# Out of every figure: there was no work to judge.
UNCOUNTED = frozenset({Status.CANCELLED, Status.MERGED})


class Tier(TextChoices):
    """How big the promise is: first response within 1, 24 or 48 hours."""

    URGENT = "urgent", _("Urgent")
    GENERAL = "general", _("General")
    CONSULTATION = "consultation", _("Consultation")


class Lanes(TextChoices):
    """By what the board can be parted into lanes."""

    TIER = "tier", _("By tier")
    ASSIGNEE = "assignee", _("By assignee")
    PRODUCT = "product", _("By product")


class ProductionDown(TextChoices):
    """Has the business stopped?"""

    FULL = "full", _("Stopped, we cannot go on")
    PARTIAL = "partial", _("Partly working")
    NONE = "none", _("Not stopped")


class UsersAffected(TextChoices):
    """How many people are affected?"""

    ONE = "one", _("Just me")
    FEW = "few", _("A few people")
    DEPARTMENT = "department", _("A department")
    ORGANISATION = "organisation", _("The whole organisation")


class Deadline(TextChoices):
    """Is there a deadline?"""

    MONTH_END = "month_end", _("Month-end close")
    TAX_FILING = "tax_filing", _("Tax filing")
    EXTERNAL_REPORT = "external_report", _("External report")
    NONE = "none", _("No deadline")


class Workaround(TextChoices):
    """Is there another way for now?"""

    NONE = "none", _("None so far")
    AWKWARD = "awkward", _("Yes, but laborious")
    YES = "yes", _("Yes, a good one")
