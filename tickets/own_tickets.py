"""Reading tickets for their customer's screens. Each answer takes a fixed number of queries."""

from dataclasses import dataclass, replace

from accounts.models import User
from catalog.models import Product
from tickets.models import Ticket

# So many of the latest tickets tell which products somebody works with.
LOOKED_BACK = 100
USED_SHOWN = 2


@dataclass(frozen=True)
class UsedProduct:
    """A product somebody (`own`) or a colleague filed about lately, with the edition and version last named."""

    product: Product
    edition: str
    version: str
    own: bool


def used_products(user: User) -> list[UsedProduct]:
    """The products a customer's organisation filed about lately, the customer's own first. One query."""
    if not user.is_customer:
        return []
    filed = Ticket.objects.filter(product__is_active=True)
    filed = (
        filed.filter(organisation=user.organisation_id)
        if user.organisation_id
        else filed.filter(requester=user)
    )
    lately = filed.select_related("product").only("requester", "edition", "product_version", "product")
    found: dict[int, UsedProduct] = {}
    for ticket in sorted(lately.order_by("-pk")[:LOOKED_BACK], key=lambda t: t.requester_id != user.pk):
        product, own = ticket.product, ticket.requester_id == user.pk
        if product is None:
            continue
        last = found.setdefault(product.pk, UsedProduct(product, "", "", own))
        if not last.edition and not last.version:
            found[product.pk] = replace(last, edition=ticket.edition, version=ticket.product_version)
    return list(found.values())[:USED_SHOWN]
