"""What follows when the sign-in library tells of something."""

from typing import Any

from allauth.account.models import EmailAddress

from accounts.services.people import join_by_address


def on_address_confirmed(*, email_address: EmailAddress, **_rest: Any) -> None:
    """Somebody proved an address to be theirs: its domain may lead to their organisation."""
    join_by_address(user=email_address.user, address=email_address.email)
