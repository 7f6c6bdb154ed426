"""Reading people."""

from django.db.models import Q, QuerySet

from accounts.models import Role, User

CUSTOMERS_SHOWN = 8


def customers() -> QuerySet[User]:
    """Everybody a ticket can be filed for, with their organisation."""
    return User.objects.filter(role=Role.CUSTOMER, is_active=True, is_bot=False).select_related(
        "organisation"
    )


def find_customers(text: str) -> list[User]:
    """The first customers whose name, address or organisation holds `text`; one query."""
    held = (
        Q(name__icontains=text)
        | Q(email__icontains=text)
        | Q(organisation__name__icontains=text)
        | Q(organisation__name_en__icontains=text)
    )
    return list(customers().filter(held).order_by("name", "pk")[:CUSTOMERS_SHOWN]) if text else []
