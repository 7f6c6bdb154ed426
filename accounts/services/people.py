"""Addresses that are vouched for, and the organisation they lead to."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Organisation, User


@transaction.atomic
def vouch_for_address(*, user: User) -> None:
    """Take the user's address as confirmed: an administrator typed it."""
    EmailAddress.objects.filter(user=user, primary=True).exclude(email__iexact=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def join_by_address(*, user: User, address: str) -> Organisation | None:
    """Put a customer without an organisation into the one whose domain the confirmed `address` has."""
    if user.organisation_id is not None or not user.is_customer:
        return None
    domain = address.rpartition("@")[2].lower()
    organisation = Organisation.objects.filter(email_domain__iexact=domain, is_active=True).first()
    if organisation is not None and domain:
        user.organisation = organisation
        user.save(update_fields=["organisation"])
    return organisation
